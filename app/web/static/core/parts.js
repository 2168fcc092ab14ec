// Parts of a page that is read: loading, gaps, tables, the card at a pointed mark.
import { draw } from "./chart.js";
import { at, fill, make } from "./dom.js";
import { frame, say } from "./frame.js";

export const gapBox = (text, who = null) =>
  make("p", { class: "gap" }, text, who ? make("span", { class: "note" }, ` (${who})`) : null);

// A sector's page, of the same market and date.
export const sectorPath = (sector) => `/sectors/${sector}?universe=${frame.universe}${frame.as_of ? `&as_of=${frame.as_of}` : ""}`;

// Fills a part with what is answered; an answer without data, or an error, is shown as its sentence.
export async function part(id, ask, show) {
  const where = at(id);
  where.setAttribute("aria-busy", "true");
  fill(where, make("p", { class: "busy" }, say("loading")));
  try {
    const answer = await ask();
    fill(where);
    if (answer.gap) fill(where, gapBox(answer.gap.text, answer.gap.who));
    else await show(where, answer);
    return answer;
  } catch (error) {
    fill(where, gapBox(error.message));
    return null;
  } finally {
    where.removeAttribute("aria-busy");
  }
}

// A table; `columns` are {label, number, cell(row), title}; the first column names the row.
export function table(columns, rows, { caption = null, groupOf = null } = {}) {
  const heads = columns.map((column) => make("th", { scope: "col", class: column.number ? "number" : null, title: column.title }, column.label));
  const body = [];
  let group = null;
  for (const row of rows) {
    const name = groupOf ? groupOf(row) : null;
    if (name !== group) body.push(make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: columns.length }, group = name)));
    body.push(make("tr", {}, columns.map((column, place) => make(place ? "td" : "th", {
      scope: place ? null : "row", class: column.number ? "number" : null }, column.cell(row)))));
  }
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption ?? columns[0].label },
    make("table", {}, caption ? make("caption", { class: "unseen" }, caption) : null,
      make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body)));
}

export const pairs = (rows) => make("dl", { class: "pairs" },
  rows.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, ...value]) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value))));

// Where a value lies between 0 and 100 of its own past, with the zone in which a sign is lit.
export function gauge(percentile, { lit = null, label }) {
  const bar = make("div", { class: "gauge", role: "img", "aria-label": label });
  if (lit) bar.append(make("span", { class: "zone", style: { left: `${lit[0]}%`, width: `${lit[1] - lit[0]}%` } }));
  if (percentile !== null) bar.append(make("span", { class: "needle", style: { left: `${percentile}%` } }));
  return bar;
}

// Draws a chart as one picture with its words; what is inside it is not read out mark by mark.
export async function pictured(where, said, specification, options) {
  where.setAttribute("role", "img");
  where.setAttribute("aria-label", said);
  const view = await draw(where, specification, options);
  where.querySelector("svg")?.setAttribute("aria-hidden", "true");
  return view;
}

// A line of values without axes; its words stand beside it.
export function spark(values, label, { width = 160, height = 36 } = {}) {
  const low = Math.min(...values), reach = Math.max(...values) - low || 1;
  const points = values.map((value, place) =>
    `${(place * width / Math.max(values.length - 1, 1)).toFixed(1)},${(height - 2 - (height - 4) * (value - low) / reach).toFixed(1)}`);
  return make("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, preserveAspectRatio: "none" },
    make("polyline", { points: points.join(" ") }));
}

// Shows a mark's card beside the pointer; null hides it.
export const pointed = (content) => (value, event) => {
  const card = at("hover");
  if (!value) { card.hidden = true; return; }
  fill(card, content(value));
  card.hidden = false;
  const own = card.getBoundingClientRect();
  const x = event.clientX + 14 + own.width < innerWidth ? event.clientX + 14 : event.clientX - 14 - own.width;
  Object.assign(card.style, { left: `${Math.max(4, x)}px`, top: `${Math.max(4, Math.min(event.clientY + 14, innerHeight - own.height - 4))}px` });
};

export const when = (stamp, locale) => new Intl.DateTimeFormat(locale === "vi" ? "vi-VN" : "en-GB",
  { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(new Date(stamp));
