// Shows the parts of a report as the server laid them out: lines, figures, tables, pictures.
import { make } from "./dom.js";
import { say } from "./frame.js";
import { tells, walked } from "./origin.js";

const drawing = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
  svg.replace(/font-family="[^"]*"/, 'font-family="system-ui, sans-serif"'))}`;

const NUMBER = /^[+\u2212-]?\d/;

// A cell within a sentence or a table's cell; in a sentence a number is a button.
export function cell(one, origins, { focusable = false } = {}) {
  if (one.parts?.length) return one.parts.map((part) => cell(part, origins, { focusable })).flat();
  const text = one.text ?? "";
  if (!one.source) return [one.tone ? make("span", { class: `t-${one.tone}` }, text) : text];
  const known = focusable && one.fact && NUMBER.test(text);
  const made = make(known ? "button" : "span", { class: `${known ? "figure" : ""} ${one.tone ? `t-${one.tone}` : ""}`.trim(),
    ...(known ? { type: "button" } : {}) }, text);
  return [tells(made, one, origins)];
}

export const line = (one, origins) => make("p", {}, cell(one, origins, { focusable: true }));

function marks(one, column) {
  const shade = one.shade === null || one.shade === undefined ? "" : one.shade < 0 ? `m${-one.shade}` : `s${one.shade}`;
  const side = (column.align ?? "right") === "right" ? "number" : column.align;
  return [side, one.tone ? `t-${one.tone}` : "", shade].filter(Boolean).join(" ");
}

function field(one, column, first, row, origins) {
  const square = one.square === null || one.square === undefined ? null
    : make("span", { class: "square", "aria-hidden": "true" }, make("span", { style: { width: `${one.square * 10}%`, height: `${one.square * 10}%` } }));
  const whole = { ...one, source: one.source || row };
  const empty = !one.text && !one.parts?.length;
  const made = make(first && !empty ? "th" : "td", { class: marks(one, column), scope: first && !empty ? "row" : null, "data-label": column.label },
    one.parts?.length ? cell(one, origins) : one.text ?? "", square);
  return whole.source && !one.parts?.some((part) => part.source) ? tells(made, whole, origins) : made;
}

const heading = (column, turned) => make("th", { scope: "col", class: (column.align ?? "right") === "right" ? "number" : column.align },
  turned ? make("span", { class: "turned" }, column.label) : column.label);

function groups(columns) {
  if (!columns.some((column) => column.group)) return null;
  const runs = [];
  for (const column of columns) {
    const last = runs.at(-1), name = column.group ?? "";
    if (last && last.name === name) last.span += 1;
    else runs.push({ name, span: 1 });
  }
  return make("tr", {}, runs.map((run) => (run.name
    ? make("th", { colspan: run.span, scope: "colgroup", class: "grouped" }, run.name) : make("td", { colspan: run.span }))));
}

export function table(one, title, origins) {
  const turned = one.upright === false;
  const region = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, ${one.columns[0].label}. ${say("origin_keys")}` },
    make("table", { class: `of-${one.id}` },
      make("thead", {}, groups(one.columns), make("tr", {}, one.columns.map((column, place) => heading(column, turned && place > 0)))),
      make("tbody", {}, (one.rows ?? []).map((row, place) => make("tr", {},
        row.map((item, at) => field(item, one.columns[at], at === 0, one.sources?.[place], origins)))))));
  walked(region);
  return [one.caption ? make("p", { class: "note" }, cell(one.caption, origins)) : null, region,
    ...(one.notes ?? []).map((text) => make("p", { class: "note" }, text))];
}

const swatch = (colour) => make("span", { class: "swatch", style: { background: colour }, "aria-hidden": "true" });

export const legend = (entries) => make("ul", { class: "legend" }, entries.map((entry) => make("li", {}, swatch(entry.colour), entry.label)));

function picture(one) {
  return make("figure", {}, make("img", { class: "drawing", src: drawing(one.svg), alt: one.alt }),
    one.legend?.length ? legend(one.legend) : null, (one.notes ?? []).map((text) => make("figcaption", { class: "note" }, text)));
}

export const figures = (items, origins, kind = "figures") => make("dl", { class: kind }, items.map((item) => make("div", {},
  make("dt", {}, item.label), make("dd", {}, cell(item.cell, origins, { focusable: true })))));

// What is in a part, without its title.
export function inside(block, origins) {
  if (!block) return [];
  return [
    ...(block.lines ?? []).map((item) => line(item, origins)),
    ...(block.groups ?? []).filter((group) => !group.repeats).map((group) => make("div", { class: "group" },
      group.title ? make("h4", {}, group.title) : null, group.lines.map((item) => line(item, origins)))),
    block.items?.length ? figures(block.items, origins) : null,
    block.pictures?.length ? make("div", { class: "pictures" }, block.pictures.map(picture)) : null,
    ...(block.tables ?? []).flatMap((one) => table(one, block.title, origins)),
    ...(block.notes ?? []).map((text) => make("p", { class: "note" }, text)),
  ].filter(Boolean);
}

// `about` tells parts of the same name apart where a page has several markets.
export const part = (block, origins, tag = "h2", about = "") => make("section", { class: `card part-${block.id}` },
  block.title ? make(tag, {}, block.title) : null, inside({ ...block, title: [about, block.title].filter(Boolean).join(": ") }, origins));
