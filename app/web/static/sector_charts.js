// The page's charts, each with its figures in words for those who do not see it.
import { colour, draw, onTheme } from "./core/chart.js";
import { make } from "./core/dom.js";
import { HUNDREDTHS, number, say, sectors, signed } from "./core/frame.js";

// Draws now and again whenever the colours change; the element is the picture of `alt`.
function picture(alt, specification) {
  const where = make("div", { class: "canvas", "aria-hidden": "true" });
  const whole = make("div", { class: "chart", role: "img", "aria-label": alt }, where);
  const again = () => { if (where.isConnected) draw(where, specification()); };
  queueMicrotask(again);
  onTheme(again);
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (Math.abs(width - Number(where.dataset.width ?? 0)) < 12) return;
    where.dataset.width = width;
    again();
  }).observe(where);
  return whole;
}

export function contributionRows(score) {
  const known = score.parts.filter((part) => part.contribution !== null).slice(0, score.shown_count), rest = score.smaller;
  const rows = known.map((part) => ({ label: part.label, value: HUNDREDTHS * part.contribution, family: part.family_label }));
  if (rest) rows.push({ label: say("sector_rest", { n: number(rest.factors_count, 0) }), value: HUNDREDTHS * rest.contribution, family: "" });
  return rows;
}

export function contributionChart(score) {
  const rows = contributionRows(score);
  const values = rows.map((row) => row.value);
  const reach = Math.max(...values.map(Math.abs), .1), room = .22 * reach;
  const x = { field: "value", type: "quantitative", title: null, axis: { tickCount: 5, labelExpr: `replace(datum.label, ".", "${number(.1).at(1)}")` },
    scale: { nice: false, domain: [Math.min(0, ...values) - room, Math.max(0, ...values) + room] } };
  const alt = say("sector_contributions_alt", { said: rows.map((row) => `${row.label} ${signed(row.value)}`).join(", ") });
  return picture(alt, () => ({
    width: "container", height: 22 * rows.length, autosize: { type: "fit-x", contains: "padding" },
    data: { values: rows.map((row) => ({ ...row, said: signed(row.value) })) },
    encoding: { y: { field: "label", type: "nominal", sort: null, title: null, axis: { labelLimit: 260, ticks: false, domain: false, labelColor: colour("--ink"), labelFontSize: 12 } } },
    layer: [
      { mark: { type: "bar", height: { band: .62 } }, encoding: {
        x,
        color: { condition: { test: "datum.value < 0", value: colour("--down") }, value: colour("--up") } } },
      { mark: { type: "text", align: "left", dx: 4, fontSize: 11 }, transform: [{ filter: "datum.value >= 0" }], encoding: { x, text: { field: "said" }, color: { value: colour("--ink") } } },
      { mark: { type: "text", align: "right", dx: -4, fontSize: 11 }, transform: [{ filter: "datum.value < 0" }], encoding: { x, text: { field: "said" }, color: { value: colour("--ink") } } },
      { mark: { type: "rule" }, encoding: { x: { datum: 0 }, y: null, color: { value: colour("--soft") } } },
    ],
  }));
}

export function pathChart(rotation) {
  const path = rotation.path, last = path.at(-1);
  const lines = path.flatMap((point) => [
    { period: point.period, what: say("sector_ratio"), value: point.rs_ratio_index },
    { period: point.period, what: say("sector_momentum"), value: point.rs_momentum_index },
  ]);
  const levels = lines.map((line) => line.value);
  const reach = 1.05 * Math.max(1, ...levels.map((value) => Math.abs(value - 100)));
  const y = { type: "quantitative", title: null, scale: { zero: false, domain: [100 - reach, 100 + reach] } };
  const x = { type: "temporal", scale: { type: "utc" }, title: null, axis: { format: "%m/%Y", tickCount: 6, grid: false } };
  const alt = say("sector_path_alt", { ratio: number(last.rs_ratio_index, 2), momentum: number(last.rs_momentum_index, 2) });
  return picture(alt, () => ({
    width: "container", height: 260, autosize: { type: "fit-x", contains: "padding" },
    layer: [
      { data: { values: rotation.stays.rows }, mark: { type: "rect", opacity: 1 }, encoding: {
        x: { field: "entered", ...x }, x2: { field: "left" },
        color: { field: "quadrant", type: "nominal", legend: null, scale: { domain: ["LEADING", "WEAKENING", "LAGGING", "IMPROVING"], range: ["--leading", "--weakening", "--lagging", "--improving"].map(colour) } } } },
      { mark: "rule", data: { values: [{ level: 100 }] }, encoding: { y: { field: "level", ...y }, color: { value: colour("--soft") } } },
      { data: { values: lines }, mark: { type: "line", strokeWidth: 1.8 }, encoding: {
        x: { field: "period", ...x }, y: { field: "value", ...y },
        stroke: { field: "what", type: "nominal", title: null, scale: { domain: [say("sector_ratio"), say("sector_momentum")], range: [colour("--ink"), colour("--accent")] }, legend: { orient: "top", symbolType: "stroke" } },
        strokeDash: { field: "what", type: "nominal", title: null, scale: { domain: [say("sector_ratio"), say("sector_momentum")], range: [[1, 0], [5, 3]] } } } },
    ],
    resolve: { scale: { color: "independent" } },
  }));
}

export function valuationChart(row) {
  const slots = { now: number(row.pe_x, 1), low: number(row.pe_low_x, 1), median: number(row.pe_median_x, 1), high: number(row.pe_high_x, 1) };
  const marks = [{ what: say("sector_valuation_median"), value: row.pe_median_x }, { what: say("sector_valuation_now"), value: row.pe_x }];
  return picture(say("sector_valuation_alt", slots), () => ({
    width: "container", height: 64, autosize: { type: "fit-x", contains: "padding" },
    layer: [
      { data: { values: [row] }, mark: { type: "bar", height: 10, cornerRadius: 4 }, encoding: {
        x: { field: "pe_low_x", type: "quantitative", title: null, axis: { tickCount: 8 }, scale: { zero: false, nice: true } }, x2: { field: "pe_high_x" }, color: { value: colour("--line") } } },
      { data: { values: marks }, mark: { type: "tick", thickness: 3, size: 22 }, encoding: {
        x: { field: "value", type: "quantitative" }, color: { field: "what", type: "nominal", legend: null, scale: { domain: marks.map((mark) => mark.what), range: [colour("--soft"), colour("--accent")] } } } },
      { data: { values: marks }, mark: { type: "text", fontSize: 11 }, encoding: {
        x: { field: "value", type: "quantitative" }, text: { field: "what" }, y: { field: "what", type: "nominal", axis: null, scale: { range: [58, 6] } }, color: { value: colour("--ink") } } },
    ],
  }));
}

export const dot = (id) => make("svg", { class: "dot", width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" },
  make("circle", { cx: 7, cy: 7, r: 6.5, fill: sectors.get(id)?.colour ?? "currentColor" }));
