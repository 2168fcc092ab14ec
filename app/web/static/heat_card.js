// The card beside a cell: what is expected, why, and how good such forecasts have been.
import { at, fill, make } from "./core/dom.js";
import { contributed, day, number, percent, signed } from "./core/frame.js";

const GAP = 10;

function placed(card, target) {
  card.hidden = false;
  const cell = target.getBoundingClientRect(), own = card.getBoundingClientRect();
  const right = cell.right + GAP, left = cell.left - own.width - GAP;
  const x = right + own.width < innerWidth ? right : Math.max(GAP, left);
  const y = Math.max(GAP, Math.min(cell.top - GAP, innerHeight - own.height - GAP));
  Object.assign(card.style, { left: `${x}px`, top: `${y}px` });
}

const line = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));

function reasons(words, name, found) {
  const said = found.map((reason) => make("li", {}, `${reason.label} ${contributed(reason.contribution)}`));
  return make("div", { class: "side" }, make("h4", {}, name),
    said.length ? make("ul", {}, said) : make("p", { class: "soft" }, words("heat_no_reasons")));
}

export function recordLine(words, column) {
  const record = column.record;
  if (!record) return words("heat_no_record");
  return words("heat_record_line", {
    ic: number(record.ic_mean_index, 3), t: number(record.ic_t_index, 1),
    hit: percent(record.hit_fraction, 0), n: number(record.dates_count, 0),
  });
}

function change(words, cell, since) {
  if (cell.moved_pp === null) return null;
  const key = cell.moved_pp > 0 ? "heat_moved_up" : "heat_moved_down";
  return make("p", {}, words(key, { pp: number(Math.abs(cell.moved_pp), 0), day: day(since) }));
}

export function shown(words, grid, row, cell, column, target) {
  const card = at("hover");
  const own = grid.horizons.find((item) => item.horizon === grid.horizon);
  fill(card,
    make("h3", {}, `${row.name} · ${column.label}${column.settles ? ` ${words("heat_settles", { day: day(column.settles) })}` : ""}`),
    make("dl", {},
      line(words("heat_expected"), `${signed(cell.excess_pct)} %`),
      line(words("heat_interval"), `${signed(cell.low_pct)} … ${signed(cell.high_pct)} %`),
      line(words("heat_probability"), percent(cell.outperform_fraction, 0)),
      line(words("heat_confidence"), `${percent(row.confidence, 0)} (${own.label})`),
      line(words("heat_record"), recordLine(words, column), make("br"), column.verdict ?? "")),
    reasons(words, `${words("heat_for")} (${own.label}, ${words("heat_hundredths")})`, row.reasons_for),
    reasons(words, `${words("heat_against")} (${own.label}, ${words("heat_hundredths")})`, row.reasons_against),
    change(words, cell, grid.since),
    make("p", { class: "soft" }, [words("heat_as_of", { day: day(grid.as_of) }), ...row.flags.map((flag) => flag.label)].join(" · ")));
  card.classList.add("heat-card");
  placed(card, target);
}

export function hidden() {
  const card = at("hover");
  card.hidden = true;
  card.classList.remove("heat-card");
}
