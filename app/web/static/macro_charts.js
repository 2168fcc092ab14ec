// The economy's two charts: one series by period, and the regimes as bands under their readings.
import { colour } from "./core/chart.js";
import { make } from "./core/dom.js";
import { day, number, say, signed } from "./core/frame.js";
import { pairs, pictured, pointed } from "./core/parts.js";

const AXIS = { grid: true, tickCount: 6, labelOverlap: true };
const time = (title = null) => ({ field: "x", type: "temporal", title, scale: { type: "utc" }, axis: { format: "%Y", grid: false, tickCount: 8, labelOverlap: true, labelSeparation: 6 } });
const NAME_WIDTH = 85;
const TINTS = { expansion: "--leading", slowdown: "--weakening", contraction: "--lagging", recovery: "--improving" };
export const READINGS = { growth: ["--up", [1, 0]], inflation: ["--warn", [6, 3]], sentiment: ["--focus", [2, 2]] };

export async function seriesChart(where, answer) {
  const { path } = answer;
  const unit = answer.unit_name;
  const rows = path.periods.map((period, place) => ({
    x: period, key: period, y: path.values_level[place], released: path.releases[place], assumed: path.assumed[place] }));
  const last = rows.at(-1);
  const said = rows.length
    ? say("series_alt", { name: answer.name, n: number(rows.length, 0), first: day(rows[0].x), last: day(last.x), value: `${number(last.y, answer.decimals)} ${unit}`.trim() })
    : say("series_empty");
  const chart = make("div", { class: "chart" });
  where.replaceChildren(make("p", { class: "note" }, said), chart);
  if (!rows.length) return;
  const steps = path.periods.length < 60;
  await pictured(chart, said, {
    width: "container", height: 220, data: { values: rows },
    layer: [
      { mark: { type: "line", interpolate: steps ? "step-after" : "linear", color: colour("--accent"), strokeWidth: 1.6 } },
      { mark: { type: "point", filled: true, size: 60, opacity: 0, color: colour("--accent"), tooltip: { content: "data" } }, params: [{ name: "near", select: { type: "point", on: "pointerover", nearest: true, clear: "pointerout" } }],
        encoding: { opacity: { condition: { param: "near", empty: false, value: 1 }, value: 0 } } },
    ],
    encoding: { x: time(), y: { field: "y", type: "quantitative", title: unit || null, scale: { zero: false }, axis: AXIS } },
  }, { hover: pointed((shown) => seriesCard(answer, rows, shown)) });
}

function seriesCard(answer, rows, shown) {
  const row = rows.find((item) => item.key === shown.key);
  if (!row) return make("p", {}, answer.name);
  return [make("strong", {}, answer.name), pairs([
    [say("column_period"), day(row.x)],
    [say("column_value"), `${number(row.y, answer.decimals)} ${answer.unit_name}`.trim()],
    [say("column_released"), `${row.assumed ? "~ " : ""}${day(row.released)}`],
  ])];
}

const tinted = (names) => ({
  field: "regime", type: "nominal", legend: null,
  scale: { domain: names.map((name) => name.id), range: names.map((name) => colour(TINTS[name.id])) },
});

export async function regimeChart(where, answer) {
  const { path } = answer;
  const bands = answer.spells.map((spell, place) => ({
    ...spell, x: spell.entered, x2: answer.spells[place + 1]?.entered ?? spell.left,
    days: (new Date(spell.left) - new Date(spell.entered)) / 86400000,
    middle: new Date((+new Date(spell.entered) + +new Date(spell.left)) / 2).toISOString().slice(0, 10) }));
  const whole = (new Date(answer.as_of) - new Date(path.sessions[0])) / 86400000;
  const named = bands.filter((band) => band.days > NAME_WIDTH / where.clientWidth * whole);
  const lines = Object.keys(READINGS).flatMap((name) => path.sessions.map((session, place) => ({
    x: session, y: path[`${name}_z`][place], reading: say(`reading_${name}`), name })));
  const said = say("regime_alt", { n: number(bands.length, 0), first: day(path.sessions[0]), last: day(path.sessions.at(-1)) });
  const keys = Object.keys(READINGS);
  const domain = keys.map((name) => say(`reading_${name}`));
  await pictured(where, said, {
    width: "container", height: 260,
    layer: [
      { data: { values: bands }, mark: { type: "rect" }, encoding: { x: time(), x2: { field: "x2" }, color: tinted(answer.names), tooltip: ["entered", "name", "left", "sessions"].map((field) => ({ field, type: "nominal" })) } },
      ...(named.length ? [{ data: { values: named }, mark: { type: "text", baseline: "bottom", dy: -4, fontSize: 11, color: colour("--soft") }, encoding: { x: { field: "middle", type: "temporal" }, y: { value: 0 }, text: { field: "name" } } }] : []),
      { data: { values: [{ y: 0 }] }, mark: { type: "rule", color: colour("--soft"), strokeWidth: 1 }, encoding: { y: { field: "y", type: "quantitative" } } },
      { data: { values: lines }, mark: { type: "line", strokeWidth: 1.6 }, encoding: {
        x: time(), y: { field: "y", type: "quantitative", title: say("readings_axis"), axis: AXIS },
        color: { field: "reading", type: "nominal", title: null, scale: { domain, range: keys.map((name) => colour(READINGS[name][0])) }, legend: { orient: "bottom" } },
        strokeDash: { field: "reading", type: "nominal", title: null, scale: { domain, range: keys.map((name) => READINGS[name][1]) }, legend: { orient: "bottom" } } } },
    ],
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
  }, { hover: pointed((band) => [make("strong", {}, band.name ?? ""), pairs([
    [say("entered"), day(band.entered)], [say("left"), band.left ? day(band.left) : null],
    [say("sessions"), band.sessions ? number(Number(band.sessions), 0) : null]])]) });
}

export const zWords = (answer) => ["growth", "inflation", "sentiment"].map((name) =>
  [say(`reading_${name}`), `${signed(answer.now[`${name}_z`], 2)} ${say("sd")}`]);
