// The decision in force: held to target beside the benchmark, why, at which cost, and what changed.
import { address, get } from "./core/api.js";
import { figures, inside, part } from "./core/blocks.js";
import { onTheme } from "./core/chart.js";
import { at, fill, make } from "./core/dom.js";
import { asked, day, frame, keep, market, place, say, stated } from "./core/frame.js";
import { originsOf } from "./core/origin.js";
import { contributions, weights } from "./allocation_charts.js";
import { editor } from "./allocation_editor.js";
import { reported, stepWords } from "./allocation_run.js";

let view = null;

const horizon = () => stated("horizon") ?? "";
const reportPath = (run) => address(`/reports/${run}`, { universe: frame.universe }).href;

// Without data there is nothing to make a report from, and nothing to try.
function impossible(gap) {
  at("made").className = "gap";
  at("made").textContent = `${gap.text} (${gap.who})`;
  at("making").hidden = at("editor").hidden = true;
}

function header() {
  const row = view?.row ?? null;
  at("made").classList.remove("busy");
  at("open").hidden = !row;
  at("made").textContent = row
    ? [say(row.plain === false || !row.plain ? "allocation_of_question" : "allocation_of_report", { day: day(view.as_of), horizon: view.horizon }),
      row.question ? `“${row.question}”` : null, row.stated, row.mandates?.join(", ")].filter(Boolean).join(" · ")
    : say("allocation_no_report", { market: market.name });
  if (row) at("open").href = reportPath(row.run);
  at("make").classList.toggle("primary", !row);
  if (view?.gap) impossible(view.gap);
}

const folded = (title, ...inner) => make("details", {}, make("summary", {}, title), inner);

function pictures(origins) {
  const left = make("div", { class: "chart", id: "weights-chart" }), right = make("div", { class: "chart", id: "score-chart" });
  const keys = make("ul", { class: "legend" }, ["benchmark", ...(view.held ? ["held"] : []), "target"].map((name) => make("li", {},
    make("span", { class: `key-${name}`, "aria-hidden": "true" }), say(`allocation_key_${name}`))));
  const colours = make("ul", { class: "legend" }, (view.keys ?? []).map((key) => make("li", {},
    make("span", { class: "swatch", style: { background: key.colour }, "aria-hidden": "true" }), key.name)));
  return make("div", { class: "pair" },
    make("section", { class: "card" }, make("h2", {}, say(view.held ? "allocation_weights" : "allocation_weights_unheld")), left, keys,
      folded(say("allocation_table"), inside(view.weights, origins))),
    make("section", { class: "card" }, make("h2", {}, say("allocation_scores")), right, colours,
      make("p", { class: "note" }, say("allocation_scores_note")), inside(view.why, origins)));
}

// The sums and the sectors' trades; the orders that make them are folded.
function trades(origins) {
  const [first, ...rest] = view.trades.tables ?? [];
  const shown = { ...view.trades, lines: [], tables: first ? [first] : [], notes: [] };
  const orders = rest.map((one) => folded(say("allocation_orders", { n: one.rows.length }), inside({ title: say("allocation_orders", { n: "" }), tables: [one] }, origins)));
  return make("section", { class: "card" }, make("h2", {}, view.trades.title), inside(shown, origins), orders,
    inside({ notes: view.trades.notes }, origins));
}

function changes(origins) {
  const all = view.changes ? folded(view.changes.title, inside(view.changes, origins)) : null;
  return make("section", { class: "card" }, make("h2", {}, view.changed.title), inside(view.changed, origins), all);
}

function draw() {
  if (!view?.sectors?.length) return;
  weights("weights-chart", view);
  contributions("score-chart", view);
}

function decision() {
  const origins = originsOf(view?.origins);
  if (!view?.row) return fill("decision");
  if (view.none) return fill("decision", make("p", { class: "gap" }, view.none));
  fill("decision",
    figures(view.strip ?? [], origins, "strip"),
    make("section", { class: "card lead" }, inside(view.said, origins)),
    pictures(origins),
    view.trades ? trades(origins) : make("p", { class: "note" }, say("allocation_no_trades")),
    make("div", { class: "pair wide" }, part(view.limits, origins), part(view.risk, origins)),
    view.changed ? changes(origins) : null);
  draw();
}

async function load(run = stated("run")) {
  try {
    view = await get(place("allocation"), asked({ run, horizon: horizon() }));
    header();
    decision();
  } catch (error) {
    fill("made", error.message);
    at("made").className = "gap";
  }
}

function choices() {
  const all = [["", say("allocation_latest")], ...market.horizons.map((one) => [one, say(`horizon.${one}`)])];
  fill("horizon", all.map(([value, text]) => make("option", { value, selected: value === horizon() }, text)));
  at("horizon").addEventListener("change", (event) => {
    keep({ horizon: event.target.value, run: null });
    load(null);
  });
}

async function makeReport() {
  const halt = new AbortController();
  at("make").disabled = true;
  at("halt").hidden = false;
  at("halt").onclick = () => halt.abort();
  try {
    const done = await reported(horizon(), (event) => { at("progress").textContent = stepWords(event); }, halt.signal);
    if (done) keep({ run: null });
    at("progress").textContent = done ? say("allocation_done", { seconds: Math.round(done.seconds) }) : say("allocation_stopped");
    if (done) await load(null);
  } catch (error) {
    at("progress").textContent = error.message;
  } finally {
    at("make").disabled = false;
    at("halt").hidden = true;
  }
}

choices();
at("make").addEventListener("click", makeReport);
onTheme(draw);
load().then(() => editor(() => view));
