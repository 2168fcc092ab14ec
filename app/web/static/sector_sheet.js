// One answer of the server as a sortable table; its gap as a sentence with who must act.
import { make } from "./core/dom.js";
import { day, number, say } from "./core/frame.js";

const WHOLE_FROM = 1000, AT_FIRST = 12;

export const gapOf = (gap) => make("div", { class: "gap" }, make("p", {}, gap.text),
  make("p", { class: "note" }, say("sector_who", { who: gap.who })));

function named(one, column) {
  const money = one.net_bn * column.scale;
  return `${one.symbol} ${number(money, Math.abs(money) < 10 ? 1 : 0, { signDisplay: "exceptZero" })}`.replace(" ", "\u00a0");
}

function printed(sheet, column, value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return say(value ? "sector_yes" : "sector_no");
  if (Array.isArray(value)) {
    return value.map((one) => (typeof one === "string" ? sheet.labels[one] ?? one : named(one, column))).join(", ");
  }
  if (column.unit === "date") return day(value);
  if (typeof value === "string") return sheet.labels[value] ?? value;
  const shown = value * column.scale, digits = Math.abs(shown) >= WHOLE_FROM ? 0 : column.decimals;
  return number(shown, digits, column.signed ? { signDisplay: "exceptZero" } : {});
}

const isNumber = (sheet, column) => sheet.rows.some((row) => typeof row[column.field] === "number");
const isEmpty = (value) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

function ordered(rows, { field, down }) {
  if (!field) return rows;
  const known = rows.filter((row) => !isEmpty(row[field])), unknown = rows.filter((row) => isEmpty(row[field]));
  const compared = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b)));
  known.sort((a, b) => compared(a[field], b[field]) * (down ? -1 : 1));
  return [...known, ...unknown];
}

function cell(sheet, column, row, first) {
  const value = row[column.field], figure = isNumber(sheet, column);
  const text = printed(sheet, column, value);
  const tone = column.signed && typeof value === "number" && value ? (value > 0 ? " up" : " down") : "";
  if (first) return make("th", { scope: "row" }, text);
  const kind = figure ? "number" : column.unit === "date" ? "day" : "words";
  return make("td", { class: `${kind}${tone}` }, text);
}

function body(sheet, columns, order, most) {
  return ordered(sheet.rows, order).slice(0, most)
    .map((row) => make("tr", {}, columns.map((column, place) => cell(sheet, column, row, place === 0))));
}

function headed(sheet, columns, order, again) {
  return make("tr", {}, columns.map((column, place) => {
    const own = order.field === column.field;
    return make("th", { scope: "col", class: place && isNumber(sheet, column) ? "number" : null, "aria-sort": own ? (order.down ? "descending" : "ascending") : null },
      sheet.rows.length < 2 ? column.label : make("button", {
        type: "button", onclick: () => again({ field: column.field, down: own ? !order.down : true }),
      }, column.label, own ? (order.down ? " ↓" : " ↑") : ""));
  }));
}

function notes(sheet, hidden) {
  const byReason = Map.groupBy?.(sheet.missing, (cell) => cell.text)
    ?? sheet.missing.reduce((all, cell) => all.set(cell.text, [...(all.get(cell.text) ?? []), cell]), new Map());
  const said = [...byReason].map(([reason, cells]) => `${[...new Set(cells.map((one) => one.measure))].join(", ")} (${reason})`);
  const told = new Set(sheet.missing.map((one) => one.measure));
  const unsaid = hidden.map((column) => column.label).filter((label) => ![...told].some((name) => label.startsWith(name)));
  const all = [...said, ...(sheet.missing.length ? [] : unsaid)];
  return all.length ? make("p", { class: "note" }, say("sector_without", { names: all.join("; ") })) : null;
}

// What every row is flagged with is said once.
function shared(sheet) {
  if (sheet.rows.length < 3 || !sheet.rows[0].flags) return [];
  return sheet.rows[0].flags.filter((flag) => sheet.rows.every((row) => row.flags.includes(flag)));
}

const without = (sheet, flags) => (flags.length
  ? { ...sheet, rows: sheet.rows.map((row) => ({ ...row, flags: row.flags.filter((flag) => !flags.includes(flag)) })) }
  : sheet);

// A table of a sheet's rows; columns nobody has a figure in are left out and named below it.
export function sheetTable(whole, title) {
  if (whole.gap) return gapOf(whole.gap);
  const flags = shared(whole), sheet = without(whole, flags);
  if (!sheet.rows.length) return make("div", {}, make("p", { class: "soft" }, say("sector_empty")), notes(sheet, []));
  const filled = (column) => sheet.rows.some((row) => !isEmpty(row[column.field]));
  const columns = sheet.columns.filter(filled), hidden = sheet.columns.filter((column) => !filled(column));
  let order = { field: null, down: true }, most = AT_FIRST;
  const head = make("thead"), rows = make("tbody");
  const more = make("button", { type: "button", onclick: () => { most = most === AT_FIRST ? sheet.rows.length : AT_FIRST; render(); } });
  const render = () => {
    head.replaceChildren(headed(sheet, columns, order, (next) => { order = next; render(); head.querySelector("[aria-sort] button")?.focus(); }));
    rows.replaceChildren(...body(sheet, columns, order, most));
    more.textContent = most === AT_FIRST ? say("sector_more", { n: number(sheet.rows.length, 0) }) : say("sector_fewer");
    more.hidden = sheet.rows.length <= AT_FIRST;
  };
  render();
  return make("div", {},
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, make("table", {}, make("caption", { class: "unseen" }, title), head, rows)),
    more, notes(sheet, hidden.filter((column) => column.field !== "flags")),
    flags.length ? make("p", { class: "note" }, say("sector_every_row", { flags: flags.map((flag) => sheet.labels[flag]).join(", ") })) : null);
}

export const block = (title, ...content) => make("section", { class: "part" }, make("h3", {}, title), ...content);
// Sheets under their titles; those absent for one reason are said together.
export function sheetBlocks(sheets) {
  const absent = new Map();
  for (const [title, sheet] of sheets) if (sheet.gap) absent.set(sheet.gap.text, [...(absent.get(sheet.gap.text) ?? []), title]);
  return sheets.map(([title, sheet, ...above]) => {
    if (!sheet.gap) return sheetBlock(title, sheet, ...above);
    const titles = absent.get(sheet.gap.text);
    return titles[0] === title ? block(titles.join(" · "), gapOf(sheet.gap)) : null;
  });
}

export const sheetBlock = (title, sheet, ...above) => block(title, ...above, sheetTable(sheet, title));
