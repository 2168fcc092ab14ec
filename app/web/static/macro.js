// The economy: what was released, in which regime, beside which markets, how strained, what comes.
import { get } from "./core/api.js";
import { onTheme } from "./core/chart.js";
import { at, fill, make } from "./core/dom.js";
import { asked, day, keep, number, place, say, signed, stated } from "./core/frame.js";
import { gapBox, part, table } from "./core/parts.js";
import { regimeChart, seriesChart } from "./macro_charts.js";
import { calendar, markets, regimeWords, spells, strain, tints } from "./macro_parts.js";

const YEARS = { "1": 1, "5": 5, "10": 10, "all": null };
const years = () => (stated("span") in YEARS ? stated("span") : "10");
let drawn = { series: null, regime: null };

function since(asOf) {
  const back = YEARS[years()];
  if (back === null) return "1900-01-01";
  const day = new Date(`${asOf}T00:00:00Z`);
  day.setUTCFullYear(day.getUTCFullYear() - back);
  return day.toISOString().slice(0, 10);
}

const unit = (value, name) => `${value}${name ? (name === "%" ? " %" : ` ${name}`) : ""}`;

function surprise(row) {
  return row.surprise_level === null
    ? make("span", { class: "soft" }, say("no_forecast"))
    : unit(signed(row.surprise_level, row.decimals), row.change_unit_name);
}

const released = (row) => [`${row.assumed_release ? "~ " : ""}${day(row.released)} `,
  make("span", { class: "soft" }, say("days_old", { n: number(row.age_days, 0) }))];
const flags = (row) => row.flag_names.map((name, place) => (row.flags[place] === "assumed_known_at" ? null
  : make("span", { class: row.flags[place] === "stale" ? "chip warn" : "chip" }, name))).filter(Boolean);

const columns = (answer) => [
  { label: say("column_series"), cell: (row) => [make("button", { type: "button", class: "plain", onclick: () => choose(row.series) }, row.name), ...flags(row)] },
  { label: say("column_value"), number: true, cell: (row) => make("strong", {}, unit(number(row.value_level, row.decimals), row.unit_name)) },
  { label: say("column_previous"), number: true, cell: (row) => number(row.previous_level, row.decimals) },
  { label: say("column_change"), number: true, cell: (row) => unit(signed(row.change_level, row.decimals), row.unit_name === "%" ? row.change_unit_name : "") },
  answer.forecasts_stored ? { label: say("column_surprise"), number: true, cell: surprise } : null,
  { label: say("column_z"), number: true, title: say("z_title"), cell: (row) => signed(row.history_z, 1) },
  { label: say("column_period"), cell: (row) => day(row.period) },
  { label: say("column_released"), cell: released },
].filter(Boolean);

function numbers(where, answer) {
  fill("macro-date", say("as_known", { day: day(answer.as_of) }));
  const notes = [answer.rows.some((row) => row.assumed_release) ? say("assumed_note") : "", answer.forecasts_stored ? say("surprise_note") : say("surprise_none")];
  fill(where,
    answer.stale_count ? gapBox(say("stale_note", { n: number(answer.stale_count, 0), all: number(answer.rows.length, 0) })) : null,
    table(columns(answer), answer.rows, { caption: say("numbers"), groupOf: (row) => row.group_name }),
    answer.missing.map((cell) => make("p", { class: "note" }, `${cell.subject}: ${cell.text}`)),
    make("p", { class: "note" }, notes.join(" ")));
  chooser(answer);
}

function chooser(answer) {
  const groups = Map.groupBy(answer.series, (one) => one.category_name);
  fill("series-name", [...groups].map(([name, rows]) =>
    make("optgroup", { label: name }, rows.map((one) => make("option", { value: one.series }, one.name)))));
  const wanted = answer.series.find((one) => one.series === stated("series")) ?? answer.series[0];
  at("series-name").value = wanted.series;
  at("series-name").addEventListener("change", (event) => choose(event.target.value, false));
  fill("spans", Object.keys(YEARS).map((key) => make("button", {
    type: "button", "aria-pressed": String(key === years()), dataset: { span: key }, onclick: () => spanned(key, answer.as_of) }, say(`span_${key}`))));
}

async function choose(series, scroll = true) {
  at("series-name").value = series;
  keep({ series });
  await history();
  if (scroll) at("series-title").scrollIntoView({ block: "nearest" });
}

async function spanned(key, asOf) {
  keep({ span: key });
  for (const button of at("spans").children) button.setAttribute("aria-pressed", String(button.dataset.span === key));
  await Promise.all([history(asOf), past(asOf)]);
}

let lastDay = null;

async function history(asOf = lastDay) {
  const series = at("series-name").value;
  await part("series", () => get(place(`macro/series/${series}`), asked({ since: since(asOf) })), async (where, answer) => {
    drawn.series = () => seriesChart(where, answer);
    await drawn.series();
  });
}

async function past(asOf = lastDay) {
  await part("regime", () => get(place("macro/regimes"), asked({ since: since(asOf) })), async (where, answer) => {
    const chart = make("div", { class: "chart" });
    fill(where, regimeWords(answer), chart, tints(answer), spells(answer));
    drawn.regime = () => regimeChart(chart, answer);
    if (answer.path.sessions.length) await drawn.regime();
  });
}

onTheme(() => { drawn.series?.(); drawn.regime?.(); });
part("strain", () => get(place("macro/strain"), asked()), strain);
part("calendar", () => get(place("macro/calendar"), asked()), calendar);
part("markets", () => get(place("macro/markets"), asked()), markets);
const first = await part("numbers", () => get(place("macro"), asked()), numbers);
if (first?.series.length) {
  lastDay = first.as_of;
  await Promise.all([history(), past()]);
} else {
  for (const id of ["series-title", "regime-title"]) at(id).closest("section").hidden = true;
}
