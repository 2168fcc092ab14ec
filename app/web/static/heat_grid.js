// The predictive heatmap as a component: a table, on a phone a list with one cell a sector.
import { get } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { asked, day, frame, keep, market, percent, place, say, signed, stated } from "./core/frame.js";
import { hidden, recordLine, shown } from "./heat_card.js";
import { expectedCell, hatched, joined, lean, moved, pastCell, sectorAddress, shadeClass, square } from "./heat_cells.js";
import { walked } from "./heat_keys.js";

const PHONE = matchMedia("(max-width: 40rem)");
const PALETTE = "heat palette";

export const wordsOf = (grid) => (key, slots = {}) =>
  (grid.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);

// The component's style comes with it, so that any page can show it.
export function styled() {
  document.documentElement.dataset.heat = localStorage.getItem(PALETTE) ?? "green";
  const href = new URL("heat_grid.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  return new Promise((ready) => {
    document.head.append(make("link", { rel: "stylesheet", href, onload: ready, onerror: ready }));
  });
}

export function painted(palette) {
  document.documentElement.dataset.heat = palette;
  localStorage.setItem(PALETTE, palette);
}

export const absent = (words, gap) => make("div", { class: "gap" },
  make("p", {}, gap.text), make("p", { class: "note" }, words("heat_absent", { who: gap.who })));

function head(words, grid, compact) {
  const spans = compact ? [] : grid.spans;
  const columns = grid.horizons.map((column) => make("th", { scope: "col", class: "ahead", title: recordLine(words, column) },
    make("span", {}, column.label), " ",
    column.settles ? make("span", { class: "until" }, words("heat_settles", { day: day(column.settles) })) : null,
    compact ? null : make("span", { class: "record" }, recordLine(words, column)),
    column.record && !column.skilled ? make("span", { class: "record no-skill" }, words("heat_no_skill")) : null));
  const group = (key, note, slots) => [make("span", {}, words(key)), " ", make("span", { class: "until" }, words(note, slots))];
  return make("thead", {},
    make("tr", {},
      make("th", { scope: "col", rowspan: 2 }, say("sector")),
      spans.length ? make("th", { scope: "colgroup", colspan: spans.length, class: "past" }, ...group("heat_happened", "heat_happened_note", { benchmark: grid.benchmark_name })) : null,
      make("th", { scope: "colgroup", colspan: columns.length, class: "ahead" }, ...group("heat_expected", "heat_expected_note"))),
    make("tr", {}, spans.map((span) => make("th", { scope: "col", class: "past number" }, span.label)), columns));
}

function tableRow(words, grid, row, compact) {
  const ahead = joined(row.expected, (cell, place) => expectedCell(words, row, cell, grid.horizons[place], grid));
  return make("tr", {},
    make("th", { scope: "row" },
      make("a", { href: sectorAddress(row.sector, grid.horizon) }, row.name), " ",
      market.built_from_members ? null : make("span", { class: "ticker" }, row.ticker)),
    compact ? [] : joined(row.past, pastCell), ahead);
}

function table(words, grid, compact) {
  return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words("heat_title") },
    make("table", { class: `heat${compact ? " compact" : ""}` },
      make("caption", {}, words("heat_table", { market: market.name, day: day(grid.as_of) })),
      head(words, grid, compact),
      make("tbody", {}, grid.rows.map((row) => tableRow(words, grid, row, compact)))));
}

function listRow(words, grid, row) {
  const cell = row.expected.find((item) => item.horizon === grid.horizon);
  const none = !cell || cell.excess_pct === null;
  return make("li", { class: none ? "hatched" : shadeClass(cell.shade) },
    make("a", {
      class: "heat-cell", href: sectorAddress(row.sector, grid.horizon), dataset: { sector: row.sector, horizon: grid.horizon },
    },
    make("span", { class: "name" }, row.name),
    none
      ? make("span", { class: "why" }, cell?.reason ?? words("heat_unscored"))
      : make("span", { class: "figures" }, [lean(cell), `${signed(cell.excess_pct)} %`, moved(cell)].filter(Boolean).join(" "),
        make("span", { class: "odds" }, percent(cell.outperform_fraction, 0)), square(row.confidence))));
}

export function horizonSwitch(words, grid, chosen) {
  return make("div", { class: "row switch", role: "group", "aria-label": words("heat_horizon") },
    make("span", { class: "soft" }, words("heat_sorted")),
    grid.horizons.map((column) => make("button", {
      type: "button", "aria-pressed": String(column.horizon === grid.horizon),
      onclick: () => chosen(column.horizon),
    }, column.label)));
}

function list(words, grid) {
  const column = grid.horizons.find((item) => item.horizon === grid.horizon);
  return make("div", {},
    make("p", { class: "note" }, `${words("heat_expected")}, ${column.label}${column.settles ? ` ${words("heat_settles", { day: day(column.settles) })}` : ""}: ${words("heat_expected_note")}. `,
      recordLine(words, column), column.record && !column.skilled ? ` (${words("heat_no_skill")})` : ""),
    make("ol", { class: "heat-list" }, grid.rows.map((row) => listRow(words, grid, row))));
}

export function legend(words) {
  const steps = ["m4", "m3", "m2", "m1", "p0", "p1", "p2", "p3", "p4"].map((step) => make("span", { class: `step ${step}` }));
  return make("div", { class: "heat-legend note" },
    make("div", { class: "row" },
      make("span", { class: "scale" }, words("heat_less"), " ", make("span", { class: "steps", "aria-hidden": "true" }, steps), " ", words("heat_more")),
      make("span", {}, words("heat_legend_lean")), make("span", {}, words("heat_legend_moved")),
      make("span", {}, square(.6), " ", words("heat_legend_square")),
      make("span", {}, make("span", { class: "step hatched", "aria-hidden": "true" }), " ", words("heat_legend_missing"))),
    make("p", {}, `${words("heat_legend")} ${words("heat_keys")}`));
}

const listening = new WeakMap();

function listened(where, words, grid) {
  listening.get(where)?.abort();
  const control = new AbortController(), { signal } = control;
  listening.set(where, control);
  const told = (event) => {
    const target = event.target.closest?.(".heat-cell");
    if (!target || event.pointerType === "touch") return hidden();
    const row = grid.rows.find((item) => item.sector === target.dataset.sector);
    const spot = grid.horizons.findIndex((item) => item.horizon === target.dataset.horizon);
    if (row?.expected[spot] && row.expected[spot].excess_pct !== null) shown(words, grid, row, row.expected[spot], grid.horizons[spot], target);
  };
  for (const name of ["pointerover", "focusin"]) where.addEventListener(name, told, { signal });
  for (const name of ["pointerleave", "focusout"]) where.addEventListener(name, hidden, { signal });
  where.addEventListener("keydown", (event) => { if (event.key === "Escape") hidden(); else walked(event, where); }, { signal });
}

// Shows the heatmap in an element. `compact` leaves out what happened, the records and the legend;
// `heard` is told every grid that is shown.
export async function heatGrid(where, { compact = false, heard = () => {}, benchmark = stated("benchmark") } = {}) {
  fill(where, make("p", { class: "busy", role: "status" }, say("loading")));
  const fetched = (horizon) => get(place("heatmap"), asked({ benchmark, horizon }));
  let grid = (await Promise.all([fetched(stated("horizon", "1M")), styled()]))[0];
  const render = () => {
    const words = wordsOf(grid), phone = PHONE.matches;
    if (grid.gap) return fill(where, absent(words, grid.gap));
    const choose = async (horizon) => { keep({ horizon }); grid = await fetched(horizon); render(); };
    fill(where,
      phone || !compact ? horizonSwitch(words, grid, choose) : null,
      phone ? list(words, grid) : table(words, grid, compact),
      compact ? null : legend(words));
    listened(where, words, grid);
    heard(grid);
  };
  render();
  PHONE.addEventListener("change", () => { if (where.isConnected) render(); });
  return grid;
}
