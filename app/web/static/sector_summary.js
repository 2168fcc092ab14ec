// The page's first lines: where the sector is, its score, what is expected, what argues against.
import { make } from "./core/dom.js";
import { day, number, percent, say, signed } from "./core/frame.js";
import { recordLine, sided } from "./sector_words.js";
import { gapOf } from "./sector_sheet.js";

const fact = (name, ...value) => make("div", { class: "fact" }, make("dt", {}, name), make("dd", {}, ...value));

function place(name, bars, found) {
  if (!found) return fact(name, make("span", { class: "soft" }, say("sector_no_place")));
  const told = [say(bars, { n: number(found.dwell_count, 0) }), found.provisional ? say("sector_running") : null, found.early_warning?.label];
  return fact(name,
    make("strong", { class: `quadrant ${found.quadrant.id.toLowerCase()}` }, found.quadrant.label),
    make("span", { class: "under" }, told.filter(Boolean).join(" · ")),
    make("span", { class: "under" }, say("sector_ratio_momentum", { ratio: number(found.rs_ratio_index, 2), momentum: number(found.rs_momentum_index, 2) })));
}

function score(summary) {
  const own = summary.horizons.find((column) => column.horizon === summary.horizon);
  const name = say("sector_score", { horizon: own?.label ?? summary.horizon });
  if (summary.row?.score === null || !summary.row) {
    return fact(name, make("span", { class: "soft" }, "–"));
  }
  return fact(name, make("strong", {}, signed(summary.row.score, 2)),
    make("span", { class: "under" }, say("sector_rank", { rank: number(summary.row.rank, 0), all: number(summary.scored_count, 0) })),
    make("span", { class: "under" }, `${say("sector_confidence")} ${percent(summary.row.confidence, 0)}`));
}

function forecastRow(summary, cell, column) {
  const absent = cell.excess_pct === null;
  const cells = absent
    ? [make("td", { colspan: 4, class: "hatched" }, make("span", { class: "why" }, cell.reason))]
    : [make("td", { class: "number" }, day(column.settles)), make("td", { class: "number" }, make("strong", {}, signed(cell.excess_pct))),
      make("td", { class: "number" }, `${signed(cell.low_pct)} … ${signed(cell.high_pct)}`),
      make("td", { class: "number" }, percent(cell.outperform_fraction, 0), cell.moved_pp === null ? "" : ` ${cell.moved_pp > 0 ? "↗" : "↘"} ${signed(cell.moved_pp, 0)} pp ${say("sector_since_report", { day: day(summary.since) })}`)];
  return make("tr", {}, make("th", { scope: "row" }, column.label), ...cells,
    make("td", { class: "record" }, recordLine(column.record), column.verdict ? ` · ${column.verdict}` : "",
      column.record && !column.skilled ? make("span", { class: "no-skill" }, ` ${say("sector_no_skill")}`) : null));
}

export function forecastTable(summary) {
  const head = ["ahead", "settles", "expected", "interval", "probability", "record"];
  return make("div", {},
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("sector_forecast") },
      make("table", {}, make("caption", { class: "unseen" }, say("sector_forecast")),
        make("thead", {}, make("tr", {}, head.map((key, spot) => make("th", { scope: "col", class: spot && spot < 5 ? "number" : null }, say(`sector_${key}`))))),
        make("tbody", {}, summary.row.expected.map((cell, spot) => forecastRow(summary, cell, summary.horizons[spot]))))),
    make("p", { class: "note" }, say("sector_forecast_note")));
}

export function argued(summary) {
  const parts = (found) => found.map((part) => [part.label, part.contribution]);
  const features = (found) => found.map((reason) => [reason.label, reason.contribution]);
  return make("div", { class: "sides" },
    sided(say("sector_for_factors"), parts(summary.arguments_for), say("sector_nothing_for"), "up"),
    sided(say("sector_against_factors"), parts(summary.arguments_against), say("sector_nothing_against"), "down"),
    sided(say("sector_for_features"), features(summary.row.reasons_for), say("sector_nothing_for"), "up"),
    sided(say("sector_against_features"), features(summary.row.reasons_against), say("sector_nothing_against"), "down"));
}

export function facts(summary) {
  if (summary.gap) return gapOf(summary.gap);
  return make("div", {},
    make("dl", { class: "facts" },
      place(say("sector_weekly"), "sector_bars_in_weekly", summary.weekly),
      place(say("sector_daily"), "sector_bars_in_daily", summary.daily),
      score(summary),
      fact(say("sector_return_3m"), make("strong", {}, summary.return_3m_pct === null ? "–" : `${signed(summary.return_3m_pct)} %`)),
      fact(say("sector_distance"), make("strong", {}, summary.distance_200d_pct === null ? "–" : `${signed(summary.distance_200d_pct)} %`))),
    make("p", { class: "row chips" }, (summary.row?.flags ?? []).map((flag) => make("span", { class: "chip" }, flag.label)),
      make("span", { class: "note" }, say("sector_against_benchmark", { benchmark: summary.benchmark_name }))));
}
