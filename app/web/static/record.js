// How earlier calls turned out, and how good the forecast has been where it had not seen the outcome.
import { get } from "./core/api.js";
import { onTheme } from "./core/chart.js";
import { at, fill, make } from "./core/dom.js";
import { asked, day, keep, market, number, percent, place, say, signed, stated } from "./core/frame.js";
import { gapBox, pairs, part, sectorPath, table } from "./core/parts.js";
import { cutsChart, oddsChart, weightsChart } from "./record_charts.js";

const horizon = () => (market.horizons.includes(stated("horizon")) ? stated("horizon") : market.horizons.includes("1M") ? "1M" : market.horizons[0]);
let drawn = [];

const excess = (value) => (value === null ? "–" : `${signed(value, 2)} %`);

function figures(card) {
  return pairs([
    [say("settled"), number(card.settled_count, 0)],
    [say("live_of"), number(card.live_count, 0)],
    [say("open"), number(card.open_count, 0)],
    [say("reports"), number(card.reports_count, 0)],
    [say("hits"), percent(card.hit_fraction, 0)],
    [say("mean_excess"), excess(card.excess_mean_pct)],
    [say("momentum"), excess(card.momentum_excess_mean_pct)],
    [say("coverage"), card.coverage_fraction === null ? "–" : say("coverage_of", { share: percent(card.coverage_fraction, 0) })],
    [say("brier"), card.brier_index === null ? "–" : say("brier_of", { n: number(100 * card.brier_index, 1) })],
  ]);
}

const called = [
  { label: say("called"), cell: (row) => day(row.called) },
  { label: say("sector"), cell: (row) => make("a", { href: sectorPath(row.sector) }, row.sector_name) },
  { label: say("stance"), cell: (row) => row.stance_name },
  { label: say("active"), number: true, cell: (row) => `${signed(100 * row.active_weight, 1)} ${say("pp")}` },
  { label: say("expected"), number: true, cell: (row) => excess(row.expected_excess_pct) },
  { label: say("came"), number: true, cell: (row) => excess(row.realised_excess_pct) },
  { label: say("right"), cell: (row) => make("span", { class: row.right ? "up" : "down" }, say(row.right ? "right_yes" : "right_no")) },
  { label: say("inside"), cell: (row) => (row.inside_interval === null ? "–" : say(row.inside_interval ? "yes" : "no")) },
  { label: say("kept"), cell: (row) => say(row.live ? "live" : "hindsight") },
];

function card(where, answer) {
  fill("record-date", say("as_known", { day: day(answer.as_of) }));
  const { card: found, worst } = answer;
  const settled = found?.settled_count;
  fill(where,
    answer.said.map((text) => make("p", {}, text)),
    settled && answer.too_few ? gapBox(say("too_few", { n: number(found.live_count || settled, 0), enough: number(answer.enough_count, 0) })) : null,
    settled ? figures(found) : null,
    worst ? make("p", {}, make("strong", {}, `${say("worst")} `), say("worst_said", {
      sector: worst.sector_name, stance: worst.stance_name, day: day(worst.called), came: excess(worst.realised_excess_pct) })) : null,
    settled ? table(called, answer.calls, { caption: say("last_calls") }) : null,
    make("p", { class: "note" }, say("card_note")));
}

function cell(row, heading) {
  const value = row[heading.field];
  if (value === null) return "–";
  if (heading.field === "brier_index") return number(100 * value, 1);
  return (heading.signed ? signed : number)(heading.scale * value, heading.field.startsWith("ic_mean") || heading.field.startsWith("momentum_ic") ? 3 : heading.unit === "fraction" ? 0 : heading.decimals);
}

function skills(answer) {
  const columns = [
    { label: say("horizon"), cell: (row) => [make("strong", {}, row.horizon_name), make("span", { class: "verdict" }, row.verdict)] },
    ...answer.headings.map((heading) => ({
      label: heading.field === "brier_index" ? say("brier_hundred") : heading.label, number: true, cell: (row) => cell(row, heading) })),
  ];
  return table(columns, answer.skills, { caption: say("forecast") });
}

function forecast(where, answer) {
  fill(where, answer.said ? gapBox(answer.said) : null, answer.skills.length ? skills(answer) : null, make("p", { class: "note" }, answer.note));
  const skill = answer.skills.find((row) => row.horizon === answer.horizon);
  drawn = [];
  shown("cuts", answer.cuts.length, (part) => cutsChart(part, answer));
  shown("odds", skill?.bins.length, (part) => oddsChart(part, skill));
  shown("weights", answer.weights.length, (part) => weightsChart(part, answer));
}

function shown(id, there, draw) {
  at(id).closest("section").hidden = !there;
  if (!there) return;
  const again = () => draw(at(id));
  drawn.push(again);
  again();
}

async function all() {
  for (const button of at("horizons").children) button.setAttribute("aria-pressed", String(button.dataset.horizon === horizon()));
  const told = asked({ horizon: horizon() });
  await Promise.all([
    part("calls", () => get(place("record/calls"), told), card),
    part("forecast", () => get(place("record/forecast"), told), forecast),
  ]);
}

onTheme(() => drawn.forEach((again) => again()));
fill("horizons", market.horizons.map((name) => make("button", {
  type: "button", dataset: { horizon: name }, onclick: () => { keep({ horizon: name }); all(); } }, say(`horizon_${name}`))));
await all();
