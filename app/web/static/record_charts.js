// The record's charts: worth by cut, what was said against what came, what the model weighs.
import { colour } from "./core/chart.js";
import { fill, make } from "./core/dom.js";
import { day, number, percent, say, signed } from "./core/frame.js";
import { pairs, pictured, pointed, table } from "./core/parts.js";

const AXIS = { grid: true, tickCount: 5, labelOverlap: true, labelSeparation: 6 };

export async function cutsChart(where, answer) {
  const { cuts } = answer;
  const above = cuts.filter((row) => row.ic_mean_index > 0).length;
  const said = say("cuts_said", { above: number(above, 0), n: number(cuts.length, 0), first: day(cuts[0].cut), last: day(cuts.at(-1).cut) });
  const chart = make("div", { class: "chart" });
  fill(where, make("p", { class: "note" }, said), chart, listed(cuts));
  const x = { field: "cut", type: "ordinal", title: null, axis: { labelExpr: "slice(datum.value, 0, 7)", labelAngle: 0, labelOverlap: true, labelSeparation: 8 } };
  const y = (field) => ({ field, type: "quantitative", title: say("ic_axis"), axis: AXIS });
  await pictured(chart, said, {
    width: "container", height: 220, data: { values: cuts },
    layer: [
      { mark: { type: "bar", width: { band: 0.7 }, color: colour("--accent") }, encoding: { x, y: y("ic_mean_index"), tooltip: [{ field: "cut", type: "nominal" }] } },
      { mark: { type: "point", shape: "diamond", filled: true, size: 90, opacity: 1, color: colour("--warn"), stroke: colour("--card"), strokeWidth: 1 }, encoding: { x, y: y("momentum_ic_mean_index"), tooltip: [{ field: "cut", type: "nominal" }] } },
      { data: { values: [{ y: 0 }] }, mark: { type: "rule", color: colour("--soft") }, encoding: { y: { field: "y", type: "quantitative" } } },
    ],
  }, { hover: pointed((row) => cutCard(cuts.find((one) => one.cut === row.cut))) });
}

const ic = (value) => (value === null ? "–" : signed(value, 3));

const cutCard = (row) => [make("strong", {}, day(row.cut)), pairs([
  [say("model"), ic(row.ic_mean_index)], [say("momentum_alone"), ic(row.momentum_ic_mean_index)],
  [say("hits"), percent(row.hit_fraction, 0)], [say("dates"), number(row.dates_count, 0)]])];

const listed = (cuts) => make("details", {}, make("summary", {}, say("cuts_table")), table([
  { label: say("cut"), cell: (row) => day(row.cut) },
  { label: say("dates"), number: true, cell: (row) => number(row.dates_count, 0) },
  { label: say("model"), number: true, cell: (row) => ic(row.ic_mean_index) },
  { label: say("momentum_alone"), number: true, cell: (row) => ic(row.momentum_ic_mean_index) },
  { label: say("hits"), number: true, cell: (row) => percent(row.hit_fraction, 0) },
], [...cuts].reverse(), { caption: say("cuts") }));

export async function oddsChart(where, skill) {
  const rows = skill.bins.map((bin) => ({ x: bin.said_fraction, y: bin.came_fraction, n: bin.forecasts_count }));
  const chart = make("div", { class: "chart" });
  fill(where, make("p", { class: "note" }, say("odds_note")), chart, table([
    { label: say("odds_said"), number: true, cell: (row) => percent(row.x, 0) },
    { label: say("odds_came"), number: true, cell: (row) => percent(row.y, 0) },
    { label: say("odds_count"), number: true, cell: (row) => number(row.n, 0) },
  ], rows, { caption: say("odds") }));
  const ends = [Math.min(...rows.flatMap((row) => [row.x, row.y])), Math.max(...rows.flatMap((row) => [row.x, row.y]))];
  const scale = { domain: [Math.max(0, ends[0] - 0.05), Math.min(1, ends[1] + 0.05)], nice: false };
  const axis = (title) => ({ type: "quantitative", title, scale, axis: { ...AXIS, format: ".0%" } });
  await pictured(chart, say("odds_alt"), {
    width: "container", height: 220,
    layer: [
      { data: { values: [{ x: scale.domain[0], y: scale.domain[0] }, { x: scale.domain[1], y: scale.domain[1] }] }, mark: { type: "line", color: colour("--soft"), strokeDash: [4, 4] }, encoding: { x: { field: "x", ...axis(say("odds_said")) }, y: { field: "y", ...axis(say("odds_came")) } } },
      { data: { values: rows }, mark: { type: "line", color: colour("--accent") }, encoding: { x: { field: "x", ...axis(say("odds_said")) }, y: { field: "y", ...axis(say("odds_came")) } } },
      { data: { values: rows }, mark: { type: "circle", color: colour("--accent"), opacity: 1 }, encoding: { x: { field: "x", ...axis(say("odds_said")) }, y: { field: "y", ...axis(say("odds_came")) }, size: { field: "n", type: "quantitative", legend: null, scale: { range: [30, 260] } } } },
    ],
  });
}

export function weightsChart(where, answer) {
  const { last, weights } = answer;
  const most = Math.max(...weights.map((row) => Math.abs(row.weight_pct)));
  const bar = (row) => make("span", { class: `weight ${row.weight_pct < 0 ? "minus" : "plus"}`, "aria-hidden": "true" },
    make("span", { style: { width: `${(100 * Math.abs(row.weight_pct) / most).toFixed(1)}%` } }));
  fill(where,
    make("p", {}, say("weights_said", {
      cut: day(last.cut), until: day(last.trained_until), n: number(last.labels_count, 0), views: percent(last.views_share_fraction, 0), slope: number(last.slope_x, 2) })),
    last.slope_x === 0 ? make("p", { class: "gap" }, say("slope_nothing")) : null,
    table([
      { label: say("factor"), cell: (row) => row.name },
      { label: say("family"), cell: (row) => row.family_name },
      { label: say("weight"), number: true, cell: (row) => signed(row.weight_pct, 3) },
      { label: say("weight_bar"), cell: bar },
    ], weights, { caption: say("weights") }),
    make("p", { class: "note" }, say("weights_note", { shown: number(weights.length, 0), all: number(answer.weights_count, 0) })));
}
