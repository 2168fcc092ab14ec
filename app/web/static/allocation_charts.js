// Two charts with the same rows: where each weight goes, and what each score is made of.
import { colour, draw } from "./core/chart.js";
import { legible } from "./core/colours.js";
import { at, fill, make } from "./core/dom.js";
import { HUNDREDTHS, number, percent, say, signed } from "./core/frame.js";

const ROW = 26;
const rows = (view) => [...view.sectors.map((one) => ({ ...one, label: one.short })),
  ...(view.beyond ?? []).map((one) => ({ ...one, label: one.name, colour: null }))];

const scale = (labels) => ({ field: "label", type: "nominal", sort: null, title: null,
  scale: { domain: labels, paddingInner: 0.3 },
  axis: { domain: false, ticks: false, labelColor: colour("--ink"), labelFontSize: 12, labelLimit: 130, labelPadding: 10 } });

const across = (title, extra = {}) => ({ type: "quantitative", title, axis: { tickCount: 6, grid: true, domain: false, titleFontWeight: "normal" }, ...extra });

function card(lines) {
  return (value, event) => {
    const where = at("hover");
    if (!value) { where.hidden = true; return; }
    fill(where, lines(value).filter(Boolean).map((text, first) => make("p", { class: first ? "" : "t-strong" }, text)));
    where.hidden = false;
    where.style.left = `${Math.min(event.clientX + 12, innerWidth - where.offsetWidth - 8)}px`;
    where.style.top = `${Math.min(event.clientY + 12, innerHeight - where.offsetHeight - 8)}px`;
  };
}

const weightLines = (row) => [row.name,
  row.benchmark_weight === undefined ? null : `${say("allocation_key_benchmark")} ${percent(row.benchmark_weight)}`,
  row.held_weight === null || row.held_weight === undefined ? null : `${say("allocation_key_held")} ${percent(row.held_weight)}`,
  `${say("allocation_key_target")} ${percent(row.target_weight)}${row.stance_name ? ` · ${row.stance_name}` : ""}`];

export function weights(where, view) {
  const table = rows(view).map((row) => ({ ...row, parts: undefined, from: 100 * (row.held_weight ?? row.benchmark_weight ?? 0),
    to: 100 * row.target_weight, bench: row.benchmark_weight === undefined ? null : 100 * row.benchmark_weight,
    held: row.held_weight === null || row.held_weight === undefined ? null : 100 * row.held_weight,
    paint: row.colour ? legible(row.colour, 3) : colour("--soft") }));
  const y = scale(table.map((row) => row.label)), paint = { field: "paint", type: "nominal", scale: null, legend: null };
  const tip = { content: "data" };
  at(where).setAttribute("role", "img");
  at(where).setAttribute("aria-label", say("allocation_weights_alt"));
  return draw(at(where), {
    width: "container", height: ROW * table.length, autosize: { type: "fit-x", contains: "padding" }, data: { values: table },
    layer: [
      { mark: { type: "rule", strokeWidth: 3, opacity: 0.45, tooltip: tip }, encoding: { y, x: { field: "from", ...across("%") }, x2: { field: "to" }, color: paint } },
      { transform: [{ filter: "datum.bench !== null" }], mark: { type: "tick", thickness: 2, size: 18, color: colour("--ink"), tooltip: tip }, encoding: { y, x: { field: "bench", ...across("%") } } },
      ...(view.held ? [{ transform: [{ filter: "datum.held !== null" }], mark: { type: "point", shape: "circle", size: 70, filled: false, strokeWidth: 1.6, fill: colour("--card"), opacity: 1, tooltip: tip }, encoding: { y, x: { field: "held", ...across("%") }, stroke: paint } }] : []),
      { mark: { type: "point", shape: "circle", size: 80, filled: true, opacity: 1, tooltip: tip }, encoding: { y, x: { field: "to", ...across("%") }, color: paint } },
    ],
  }, { hover: card(weightLines) });
}

const partLines = (value) => (value.score !== undefined
  ? [value.sector, `${say("allocation_score")} ${signed(value.score, 2)} (#${value.rank ?? "–"})`, `${say("allocation_confidence")} ${percent(value.confidence, 0)}`]
  : [value.sector, `${value.factor}: ${signed(value.part)}`, `${number(value.weight, 3)} × z ${signed(value.z, 2)}`, value.family]);

// The longest stack on either side, so that zero stands in the middle and both sides measure alike.
function reach(view) {
  const sides = view.sectors.flatMap((one) => [1, -1].map((side) =>
    (one.parts ?? []).reduce((sum, part) => sum + Math.max(0, side * HUNDREDTHS * (part.contribution ?? 0)), 0)));
  return 1.08 * Math.max(5, ...sides);
}

export function contributions(where, view) {
  const order = new Map((view.keys ?? []).map((key, index) => [key.colour, index]));
  const parts = view.sectors.flatMap((one) => (one.parts ?? []).filter((part) => part.contribution).map((part) => ({
    label: one.short, sector: one.name, factor: part.name, family: part.family, part: HUNDREDTHS * part.contribution, weight: part.weight, z: part.z,
    paint: part.colour, place: order.get(part.colour) ?? 99 })));
  const totals = view.sectors.filter((one) => one.score !== null && one.score !== undefined).map((one) => ({ label: one.short, sector: one.name, score: one.score, drawn: HUNDREDTHS * one.score, rank: one.rank, confidence: one.confidence }));
  const y = scale(rows(view).map((row) => row.label)), most = reach(view);
  const x = (field, more = {}) => ({ field, ...across(say("allocation_points"), { scale: { domain: [-most, most], nice: false } }), ...more });
  at(where).setAttribute("role", "img");
  at(where).setAttribute("aria-label", say("allocation_scores_alt"));
  return draw(at(where), {
    width: "container", height: ROW * rows(view).length, autosize: { type: "fit-x", contains: "padding" },
    layer: [
      { data: { values: parts }, mark: { type: "bar", stroke: colour("--card"), strokeWidth: 0.5, tooltip: { content: "data" } },
        encoding: { y, x: x("part", { stack: "zero" }), color: { field: "paint", type: "nominal", scale: null, legend: null }, order: { field: "place", type: "quantitative" } } },
      { data: { values: [{ zero: 0 }] }, mark: { type: "rule", color: colour("--ink"), strokeWidth: 0.8 }, encoding: { x: x("zero") } },
      { data: { values: totals }, mark: { type: "point", shape: "diamond", size: 60, filled: true, fill: colour("--card"), stroke: colour("--ink"), strokeWidth: 1.3, opacity: 1, tooltip: { content: "data" } },
        encoding: { y, x: x("drawn") } },
    ],
  }, { hover: card(partLines) });
}
