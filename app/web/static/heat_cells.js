// The cells of the heatmap: number, sign and arrow beside the colour, missing ones hatched.
import { make } from "./core/dom.js";
import { frame, percent, signed } from "./core/frame.js";

const SIDE = 11;
export const shadeClass = (step) => (step > 0 ? `p${step}` : step < 0 ? `m${-step}` : "p0");
export const lean = (cell) => (cell.lean > 0 ? "▲" : cell.lean < 0 ? "▼" : "");
export const moved = (cell) => (cell.moved_pp === null ? "" : cell.moved_pp > 0 ? "↗" : "↘");

export function sectorAddress(sector, horizon = null) {
  const url = new URL(`/sectors/${sector}`, location.origin);
  const asked = { universe: frame.universe, as_of: frame.as_of, horizon };
  for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
  return url.pathname + url.search;
}

// Confidence as the area of the inner square.
export function square(confidence) {
  if (confidence === null) return null;
  const side = Math.sqrt(confidence) * (SIDE - 2), start = (SIDE - side) / 2;
  return make("svg", { class: "square", width: SIDE, height: SIDE, viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
    make("rect", { x: .5, y: .5, width: SIDE - 1, height: SIDE - 1, class: "outer" }),
    make("rect", { x: start, y: start, width: side, height: side, class: "inner" }));
}

export function hatched(reason, attributes = {}) {
  return make("td", { class: "hatched", ...attributes }, make("span", { class: "why" }, reason));
}

export const pastCell = (cell) => (cell.excess_pct === null
  ? hatched(cell.reason)
  : make("td", { class: `past number ${cell.excess_pct > 0 ? "rose" : "fell"}` }, signed(cell.excess_pct)));

export function expectedCell(words, row, cell, column, grid) {
  if (cell.excess_pct === null) return hatched(cell.reason);
  const own = cell.horizon === grid.horizon;
  const said = words("heat_cell", {
    sector: row.name, horizon: column.label, value: signed(cell.excess_pct), probability: percent(cell.outperform_fraction, 0),
  });
  return make("td", { class: `ahead ${shadeClass(cell.shade)}` },
    make("a", {
      class: "heat-cell", href: sectorAddress(row.sector, cell.horizon), "aria-label": said,
      dataset: { sector: row.sector, horizon: cell.horizon },
    },
    make("span", { class: "lean" }, lean(cell)), make("span", { class: "main" }, signed(cell.excess_pct)),
    make("span", { class: "moved" }, moved(cell)),
    make("span", { class: "odds" }, percent(cell.outperform_fraction, 0)),
    own ? square(row.confidence) : null));
}

// Neighbouring absent cells with one reason are one cell.
export function joined(cells, made) {
  const same = cells.every((cell) => cell.reason !== null && cell.reason === cells[0].reason);
  return same ? [hatched(cells[0].reason, { colspan: cells.length })] : cells.map(made);
}

// A shade for numbers without a probability: against the largest shown, within the skill's cap.
export function relativeShade(value, most, intensity = 1) {
  if (value === null || !most) return 0;
  const step = Math.round(4 * Math.max(-1, Math.min(1, value / most)) * intensity);
  return step === 0 && Math.abs(value / most) > .05 ? Math.sign(value) : step;
}
