// The screener: bounds in the address, answered by the server's own screen.
import { get } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { asked, keep, number, say, stated } from "./core/frame.js";
import { sheetTable } from "./sector_sheet.js";

const UNBOUND = new Set(["symbol", "above_200d"]);
const key = (name) => `s_${name}`;

function bound(column, end) {
  const name = `${column.field}_${end}`, words = say(end === "min" ? "sector_at_least" : "sector_at_most");
  return make("input", { type: "number", step: "any", name, value: stated(key(name), ""), "aria-label": `${column.label} ${words}`, placeholder: words });
}

const picked = (name, value, label) => make("option", { value, selected: stated(key(name), "") === value }, label);

function form(sheet, screened) {
  const measures = sheet.columns.filter((column) => !UNBOUND.has(column.field));
  return make("form", { class: "screen", onsubmit: (event) => { event.preventDefault(); screened(new FormData(event.target)); },
    onreset: () => screened(new FormData()) },
  measures.map((column) => make("div", { class: "bounds", role: "group", "aria-label": column.label },
    make("span", { "aria-hidden": "true" }, column.label), bound(column, "min"), bound(column, "max"))),
  make("label", { class: "bounds" }, make("span", {}, say("sector_trend")),
    make("select", { name: "above_200d" }, picked("above_200d", "", say("sector_any")), picked("above_200d", "true", say("sector_yes")), picked("above_200d", "false", say("sector_no")))),
  make("label", { class: "bounds" }, make("span", {}, say("sector_sort_by")),
    make("select", { name: "sort_by" }, measures.map((column) => make("option", { value: column.field, selected: stated(key("sort_by"), "return_12m_pct") === column.field }, column.label)))),
  make("label", { class: "check" }, make("input", { type: "checkbox", name: "lowest_first", value: "true", checked: stated(key("lowest_first")) === "true" }), " ", say("sector_lowest_first")),
  make("div", { class: "row" }, make("button", { type: "submit", class: "primary" }, say("sector_screen")), make("button", { type: "reset" }, say("sector_clear"))));
}

function scaled(sheet, entries) {
  const scale = Object.fromEntries(sheet.columns.map((column) => [column.field, column.scale]));
  return Object.fromEntries(entries.map(([name, value]) => {
    const measure = name.replace(/_(min|max)$/, "");
    return [name, measure !== name && value !== "" ? Number(value) / (scale[measure] ?? 1) : value];
  }));
}

export async function screener(where, address) {
  const result = make("div", { "aria-live": "polite" });
  const names = [...new URL(location).searchParams].filter(([name]) => name.startsWith("s_"));
  const first = names.map(([name, value]) => [name.slice(2), value]);
  let sheet = null;
  const show = async (entries) => {
    try {
      const answer = await get(`${address}/screen`, asked(sheet ? scaled(sheet, entries) : Object.fromEntries(entries)));
      sheet = answer.stocks;
      fill(result, sheet.gap ? null : make("p", {}, say("sector_screen_of", {
        passed: number(answer.passed_count, 0), all: number(answer.screened_count, 0), unknown: number(answer.unknown_count, 0) })),
      sheetTable(sheet, say("sector_screener")));
    } catch (error) {
      fill(result, make("p", { class: "gap", role: "alert" }, error.message));
    }
  };
  const screened = (data) => {
    const entries = [...data].filter(([, value]) => value !== "");
    const before = [...new URL(location).searchParams.keys()].filter((name) => name.startsWith("s_"));
    keep({ ...Object.fromEntries(before.map((name) => [name, null])), ...Object.fromEntries(entries.map(([name, value]) => [key(name), value])) });
    return show(entries);
  };
  await show([]);
  if (!sheet || sheet.gap) return fill(where, result);
  fill(where, form(sheet, screened), result);
  if (first.length) await show(first);
}
