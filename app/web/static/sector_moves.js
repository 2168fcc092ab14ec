// From each quadrant to the next week's: share, count and 95 % interval.
import { make } from "./core/dom.js";
import { number, percent, say } from "./core/frame.js";
import { gapOf } from "./sector_sheet.js";

const QUADRANTS = ["LEADING", "WEAKENING", "LAGGING", "IMPROVING"];

function cell(move) {
  if (!move || move.move_fraction === null) return make("td", { class: "number soft" }, "–");
  return make("td", { class: "number" }, make("strong", {}, percent(move.move_fraction)),
    make("span", { class: "under" }, `n ${number(move.moves_count, 0)} · ${number(100 * move.move_low_fraction, 0)}–${number(100 * move.move_high_fraction, 0)}`));
}

export function movesTable(sheet) {
  if (sheet.gap) return gapOf(sheet.gap);
  const named = (quadrant) => sheet.labels[quadrant] ?? quadrant;
  const found = (from, to) => sheet.rows.find((row) => row.quadrant === from && row.next_quadrant === to);
  return make("div", {},
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("sector_moves") },
      make("table", {}, make("caption", { class: "unseen" }, say("sector_moves")),
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("sector_from")),
          QUADRANTS.map((to) => make("th", { scope: "col", class: "number" }, named(to))))),
        make("tbody", {}, QUADRANTS.map((from) => make("tr", {}, make("th", { scope: "row" }, named(from)), QUADRANTS.map((to) => cell(found(from, to)))))))),
    make("p", { class: "note" }, say("sector_moves_note")));
}
