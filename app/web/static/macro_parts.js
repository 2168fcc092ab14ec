// The parts of the economy's page that are words and small tables.
import { fill, make } from "./core/dom.js";
import { day, number, say, sectors, signed } from "./core/frame.js";
import { gapBox, gauge, pairs, sectorPath, spark, table } from "./core/parts.js";
import { zWords } from "./macro_charts.js";

const first = (text) => text[0].toUpperCase() + text.slice(1);

export function regimeWords(answer) {
  if (!answer.now) {
    return make("div", {}, answer.missing.map((cell) => gapBox(`${cell.measure}: ${cell.text}`)));
  }
  return make("div", { class: "row now" },
    make("p", { class: `state regime-${answer.now.regime}` }, make("strong", {}, answer.now_name), ` ${say("since", { day: day(answer.now.since) })}`),
    pairs(zWords(answer)));
}

export const tints = (answer) => make("p", { class: "row note tints" }, answer.names.map((name) =>
  make("span", {}, make("span", { class: `tint regime-${name.id}`, "aria-hidden": "true" }), first(name.label))));

export const spells = (answer) => make("details", {},
  make("summary", {}, say("spells", { n: number(answer.spells.length, 0), day: day(answer.since) })),
  table([
    { label: say("entered"), cell: (row) => day(row.entered) },
    { label: say("left"), cell: (row) => (row.running ? say("running") : day(row.left)) },
    { label: say("regime"), cell: (row) => row.name },
    { label: say("sessions"), number: true, cell: (row) => number(row.sessions, 0) },
  ], [...answer.spells].reverse(), { caption: say("regime") }),
  make("p", { class: "note" }, say("regime_note")));

const ASSET_MOVES = ["1w", "1m", "3m", "12m"];

function moved(row, span) {
  const value = row[`move_${span}`];
  const tone = value === null || row.moves_in_pp ? null : value > 0 ? "up" : value < 0 ? "down" : null;
  return make("div", {}, make("dt", {}, say(`span_${span}`)),
    make("dd", { class: tone }, value === null ? "–" : `${signed(value, 1)} ${row.moves_in_pp ? say("pp") : "%"}`));
}

const sectorName = (id, name) => (id ? make("a", { href: sectorPath(id) }, name ?? sectors.get(id)?.name ?? id) : say("none"));

function asset(row) {
  const name = say(`asset_${row.asset}`);
  return make("article", { class: "asset" },
    make("h3", {}, name, " ", make("span", { class: "soft" }, row.stands_for_name)),
    make("p", {}, make("strong", {}, number(row.level, 2)), " ",
      make("span", { class: row.stale ? "chip warn" : "soft" }, row.stale ? say("stale_at", { day: day(row.period) }) : day(row.period))),
    spark(row.levels, say("spark_alt", { name, low: number(Math.min(...row.levels), 2), high: number(Math.max(...row.levels), 2) })),
    make("dl", { class: "moves" }, ASSET_MOVES.map((span) => moved(row, span))),
    make("p", { class: "note" }, say("suits"), " ", sectorName(row.suits, row.suits_name), " · ", say("burdens"), " ", sectorName(row.burdens, row.burdens_name)));
}

export function markets(where, answer) {
  fill(where,
    make("div", { class: "assets" }, answer.rows.map(asset)),
    answer.absent.length ? make("p", { class: "note" }, say("assets_absent", { names: answer.absent.map((name) => say(`asset_${name}`)).join(", ") })) : null,
    make("p", { class: "note" }, say("markets_note")));
}

const SIGNS = {
  correlation: (state) => number(state.correlation_index, 2),
  dispersion: (state) => `${number(state.dispersion_pct)} %`,
  breadth: (state) => `${number(state.breadth_pct)} %`,
};

function sign(answer, { id: name, percentile_pct: percentile, lit, lit_from_pct: from, lit_to_pct: to }) {
  const { state } = answer;
  const label = say(name === "breadth" ? `sign_breadth_${state.breadth_of}` : `sign_${name}`);
  const place = percentile === null ? "–" : number(percentile, 0);
  return make("div", { class: "sign" },
    make("span", {}, label), make("strong", {}, SIGNS[name](state)),
    gauge(percentile, { lit: [from, to], label: say("percentile_alt", { name: label, n: place }) }),
    make("span", { class: lit ? "chip warn" : "soft" }, say(lit ? "sign_lit" : "percentile", { n: place })));
}

function printed(row, heading) {
  const value = row[heading.field];
  if (value === null) return "–";
  return (heading.signed ? signed : number)(value * heading.scale, heading.decimals);
}

function followed(answer) {
  const columns = [
    { label: say("after"), cell: (row) => `${row.kind_name}, ${row.horizon_name}` },
    ...answer.headings.map((heading) => ({ label: heading.label, number: true, cell: (row) => printed(row, heading) })),
  ];
  return make("details", {}, make("summary", {}, say("followed", { name: first(answer.benchmark_name) })),
    table(columns, answer.outcomes, { caption: say("followed", { name: first(answer.benchmark_name) }) }),
    make("p", { class: "note" }, answer.note));
}

function rule({ switch: rule, switch_name: name, switch_note: note }) {
  if (!rule) return null;
  return make("div", { class: "piece" },
    make("h3", {}, say("rule")),
    make("p", {}, make("strong", {}, first(name)), ` ${say("since", { day: day(rule.switch_since) })}. `,
      say("rule_record", {
        day: day(rule.record_since), with: signed(rule.cagr_with_pct, 1), without: signed(rule.cagr_without_pct, 1), t: signed(rule.cagr_t_index, 1),
        fall: number(rule.drawdown_with_pct, 1), deeper: number(rule.drawdown_without_pct, 1), often: number(rule.switches_a_year_index, 1) })),
    make("p", { class: "note" }, note));
}

function balance({ balance: row, lead_name: lead }) {
  if (!row) return null;
  const place = row.style_percentile_pct;
  return make("div", { class: "piece" },
    make("h3", {}, say("balance")),
    make("p", {}, say("balance_said", { lead: first(lead), day: day(row.style_since), change: signed(row.style_change_3m_pct, 1), distance: signed(row.style_distance_200d_pct, 1) })),
    make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, say("defensive")), make("span", {}, say("cyclical"))),
    gauge(place, { label: say("percentile_alt", { name: say("balance"), n: place === null ? "–" : number(place, 0) }) }),
    make("p", { class: "note" }, say("balance_note", { n: place === null ? "–" : number(place, 0), c: number(row.cyclical_count, 0), d: number(row.defensive_count, 0) })));
}

export function strain(where, answer) {
  const { state } = answer;
  fill(where,
    state ? make("p", { class: `state ${state.market_warning}` }, make("strong", {}, answer.state_name.toUpperCase()),
      ` ${say("since", { day: day(state.warning_since) })} · ${say("signs", { n: number(state.signs_count, 0) })}`) : gapBox(answer.note),
    state ? make("div", { class: "signs" }, answer.signs.map((one) => sign(answer, one))) : null,
    answer.outcomes.length ? followed(answer) : null,
    rule(answer), balance(answer),
    answer.missing.map((cell) => make("p", { class: "note" }, `${cell.measure}: ${cell.text}`)));
}

const said = (row) => (row.value_level === null ? "" : row.previous_level === null ? number(row.value_level, 2)
  : say("from_to", { before: number(row.previous_level, 2), now: number(row.value_level, 2) }));

const dated = (rows) => (rows.length
  ? make("ul", { class: "dated" }, rows.map((row) => make("li", {},
    make("time", { datetime: row.period }, day(row.period)), make("span", { class: "chip" }, say(row.kind_key)),
    make("span", {}, row.name), make("span", { class: "soft" }, said(row)))))
  : make("p", { class: "soft" }, say("nothing_dated")));

export function calendar(where, answer) {
  const ahead = answer.rows.filter((row) => row.ahead), behind = answer.rows.filter((row) => !row.ahead).reverse();
  fill(where,
    make("h3", {}, say("ahead", { day: day(answer.until) })), dated(ahead),
    make("p", { class: "note" }, say("ahead_note")),
    make("h3", {}, say("behind", { day: day(answer.since) })), make("div", { class: "tall", tabindex: "0", role: "group", "aria-label": say("behind", { day: day(answer.since) }) }, dated(behind)),
    answer.missing.length ? make("p", { class: "note" }, say("untold", { kinds: answer.missing.map((kind) => say(`kind_${kind}`)).join(", ") })) : null);
}
