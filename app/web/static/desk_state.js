// What the desk shows, and how the address says it.
import { keep, market, sectors, stated } from "./core/frame.js";

// Names of tails: bars of weeks, of days. The middle of a desk's year is 8 weeks, or 10 days.
export const TAILS = [
  ["0", 0, 0], ["1w", 1, 5], ["2w", 2, 10], ["1m", 4, 21], ["2m", 8, 42], ["3m", 13, 63], ["4m", 17, 84], ["5m", 22, 105],
  ["6m", 26, 126], ["7m", 30, 147], ["8m", 35, 168], ["9m", 39, 189], ["10m", 43, 210], ["11m", 48, 231], ["12m", 52, 252],
].map(([name, weekly, daily]) => ({ name, weekly, daily }));
const DEFAULT_TAIL = { weekly: "2m", daily: "2w" };
export const MOST = 12, FURTHEST = 8;

const one = (name, known, otherwise) => (known.includes(stated(name)) ? stated(name) : otherwise);
const list = (name) => stated(name)?.split(",").filter((id) => sectors.has(id)) ?? null;

export const state = {
  frequency: one("frequency", ["weekly", "daily", "both"], market.decision_frequency === "daily" ? "daily" : "weekly"),
  benchmark: one("benchmark", market.benchmarks.map((mark) => mark.id), market.benchmarks[0].id),
  tail: one("tail", TAILS.map((tail) => tail.name), null),
  view: one("view", ["map", "grid"], "map"),
  chosen: list("sectors"),
  only: sectors.has(stated("only")) ? stated("only") : null,
  at: stated("at"),
  near: stated("near") === "1",
  weights: stated("size") === "weight",
  quadrantColours: stated("colours") === "quadrant",
  sort: stated("sort") ? { column: stated("sort").replace("-", ""), turned: stated("sort").startsWith("-") } : null,
};

export const frequencies = () => (state.frequency === "both" ? ["weekly", "daily"] : [state.frequency]);
export const master = () => frequencies()[0];
export const tailBars = (frequency) => TAILS.find((tail) => tail.name === (state.tail ?? DEFAULT_TAIL[frequency]))[frequency];
export const tailPlace = () => TAILS.findIndex((tail) => tail.name === (state.tail ?? DEFAULT_TAIL[master()]));

// Writes the state into the address; what is as it would be anyway stays out of it.
export function kept() {
  keep({
    frequency: state.frequency === "weekly" ? null : state.frequency,
    benchmark: state.benchmark === market.benchmarks[0].id ? null : state.benchmark,
    tail: state.tail, view: state.view === "map" ? null : state.view,
    sectors: state.chosen?.join(",") ?? null, only: state.only, at: state.at,
    near: state.near ? "1" : null, size: state.weights ? "weight" : null, colours: state.quadrantColours ? "quadrant" : null,
    sort: state.sort ? `${state.sort.turned ? "-" : ""}${state.sort.column}` : null,
  });
}
