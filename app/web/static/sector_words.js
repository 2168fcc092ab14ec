// Small phrases several parts of the sector's page share.
import { make } from "./core/dom.js";
import { contributed, number, percent, say } from "./core/frame.js";

export function recordLine(record) {
  if (!record) return say("sector_no_record");
  return say("sector_record_line", {
    ic: number(record.ic_mean_index, 3), t: number(record.ic_t_index, 1),
    hit: percent(record.hit_fraction, 0), n: number(record.dates_count, 0),
  });
}

export function sided(title, found, nothing, tone) {
  return make("section", { class: "side" }, make("h3", {}, title, " ", make("span", { class: "note" }, say("sector_points"))),
    found.length
      ? make("ul", {}, found.map(([label, value]) => make("li", {}, make("span", {}, label), make("span", { class: tone }, contributed(value)))))
      : make("p", { class: "soft" }, nothing));
}
