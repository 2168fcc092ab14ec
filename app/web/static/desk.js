// The desk: the rotation map with its date, its table and its words, and the heatmap below it.
import { address } from "./core/api.js";
import { onTheme } from "./core/chart.js";
import { at, fill, make } from "./core/dom.js";
import { asked, day, market, place, say } from "./core/frame.js";
import { courseOf, Details } from "./desk_data.js";
import { Panes } from "./desk_panes.js";
import { FURTHEST, frequencies, kept, master, MOST, state, tailBars, tailPlace, TAILS } from "./desk_state.js";
import { heatGrid } from "./heat_grid.js";
import { cardHidden } from "./map_card.js";
import { copied, png, saved } from "./map_export.js";
import { distance, finite } from "./map_plane.js";
import { MapTable } from "./map_table.js";
import { Timeline } from "./map_time.js";

let courses = {}, turn = 0;
const details = { weekly: new Details(() => settled()), daily: new Details(() => settled()) };
const time = new Timeline((moment, how) => moved(moment, how));
const table = new MapTable(at("map-table"), {
  chosen: (ids) => { state.chosen = ids; redrawn(); },
  picked: (id) => picked(id),
  sorted: (sort) => { state.sort = sort; kept(); },
  sort: state.sort,
});
const panes = new Panes(at("panes"), { picked: (id) => picked(id), details: (frequency) => details[frequency].now });

// Whether there is something to draw of every frequency asked for.
const live = () => frequencies().every((name) => courses[name] && !courses[name].gap);

function picked(id) {
  state.only = state.only === id ? null : id;
  redrawn();
}

// The sectors on the map: those ticked, else all, else the furthest and those held.
function shown() {
  const course = courses[master()], bar = course.periods.length - 1;
  const placed = course.sectors.filter((sector) => sector.quadrant_code.some((code) => code >= 0));
  if (state.chosen) return new Set(state.chosen);
  if (state.view === "grid" || placed.length <= MOST) return new Set(placed.map((sector) => sector.sector));
  const away = (sector) => (finite(sector.rs_ratio_index[bar]) ? distance(sector.rs_ratio_index[bar], sector.rs_momentum_index[bar]) : -1);
  const far = [...placed].sort((a, b) => away(b) - away(a)).slice(0, FURTHEST);
  const held = details[master()].now?.sectors.filter((row) => row.held) ?? [];
  return new Set([...far, ...held].map((sector) => sector.sector));
}

function moved(moment, { rest, ease }) {
  if (!live()) return;
  const ids = shown(), told = panes.draw({ courses, moment, shown: ids, rest, ease });
  for (const [frequency, bar] of Object.entries(told.bars)) details[frequency].want(courses[frequency], bar, rest);
  worded(ids, moment, rest);
  if (ease && rest && !told.still) requestAnimationFrame(() => { if (!time.playing && time.moment === moment) moved(moment, { rest, ease }); });
}

const redrawn = () => { kept(); time.go(time.moment); };
const settled = () => { if (live()) { time.playing ? worded(shown(), time.moment, false) : time.go(time.moment); } };

function worded(ids, moment, rest) {
  const course = courses[master()], bar = Math.floor(moment + 1e-9), found = details[master()].now;
  const fresh = found?.as_of === course.seen[bar] && found.benchmark === course.benchmark;
  if (rest || table.last?.bar !== bar || table.last?.details !== found) {
    table.show({ course, bar, shown: ids, only: state.only, details: found, paint: panes.painter() });
  }
  at("map-table").classList.toggle("older", !fresh);
  if (!rest) return;
  const cut = !state.chosen && state.view === "map" && ids.size < course.sectors.filter((sector) => sector.quadrant_code[bar] >= 0).length;
  at("cut").textContent = ids.size === 0 ? say("desk_no_sector") : cut ? say("desk_cut", { shown: ids.size, all: course.sectors.length }) : "";
  at("map-told").textContent = [
    say("desk_told", { frequency: frequencies().map((name) => courses[name].frequency_name).join(" | "), benchmark: course.benchmark_name, treatment: course.treatment_name, day: day(course.seen[bar]) }),
    course.provisional && bar === course.periods.length - 1 ? say("desk_running") : null,
  ].filter(Boolean).join(" · ");
  textbook(found, fresh);
  const last = bar === course.periods.length - 1;
  state.at = last ? null : course.seen[bar];
  kept();
  at("csv").href = address(place("map/table.csv"), asked({ frequency: course.frequency, benchmark: course.benchmark, as_of: course.seen[bar], bars: tailBars(course.frequency) + 1, sectors: [...ids].join(",") }));
}

function textbook(found, fresh) {
  at("textbook").classList.toggle("older", !fresh);
  if (!found) return;
  fill("textbook", ...found.textbook.map((piece) => make("span", { class: piece.tone, title: piece.source || null }, piece.text)));
}

// The bar of the day the address names, else the last.
function momentAt(course, wanted) {
  if (!wanted) return course.periods.length - 1;
  let bar = course.first_frame;
  while (bar + 1 < course.periods.length && course.seen[bar + 1] <= wanted) bar += 1;
  return bar;
}

async function loaded() {
  const mine = ++turn, wanted = state.at;
  at("map-card").setAttribute("aria-busy", "true");
  try {
    const found = await Promise.all(frequencies().map((name) => courseOf(name, state.benchmark)));
    if (mine !== turn) return;
    courses = Object.fromEntries(found.map((course) => [course.frequency, course]));
    const gap = found[0].gap;
    for (const id of ["stage", "map-actions", "options"]) at(id).hidden = Boolean(gap);
    if (gap) { at("map-told").textContent = ""; fill("textbook"); }
    fill("map-gap", gap ? make("p", { class: "gap" }, `${gap.text} ${say("desk_absent", { who: gap.who })}`) : null);
    fill("legend", ...found[0].legend.map((said) => make("li", {}, said)), make("li", {}, say("desk_legend_arrow")));
    if (!gap) {
      panes.reset(found);
      await time.take(found[0], momentAt(found[0], wanted));
    }
  } catch (error) {
    fill("map-gap", make("p", { class: "gap" }, say("desk_failed", { why: error.message })));
  } finally { at("map-card").removeAttribute("aria-busy"); }
}

function controlled() {
  for (const button of at("frequency").children) button.setAttribute("aria-pressed", String(button.dataset.frequency === state.frequency));
  for (const button of at("view").children) button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
  at("benchmark").value = state.benchmark;
  Object.assign(at("tail"), { max: TAILS.length - 1, value: tailPlace() });
  const bars = frequencies().map((name) => (tailBars(name) ? say(`desk_tail_${name}`, { n: tailBars(name) }) : say("desk_tail_none"))).join(" | ");
  const months = state.tail?.endsWith("m") ? say("desk_tail_months", { n: state.tail.slice(0, -1) }) : null;
  const said = [months, bars].filter(Boolean).join(" = ");
  at("tail-said").textContent = said;
  at("tail").setAttribute("aria-valuetext", said);
  at("near").checked = state.near;
  at("weights").checked = state.weights;
  at("quadrant-colours").checked = state.quadrantColours;
  at("stage").classList.toggle("wide", state.frequency === "both" || state.view === "grid");
}

const changed = (change, reload = false) => {
  Object.assign(state, change);
  controlled();
  kept();
  if (reload) { time.pause(); loaded(); } else if (live()) { panes.reset(frequencies().map((name) => courses[name])); redrawn(); }
};

function listened() {
  at("frequency").addEventListener("click", (event) => { if (event.target.dataset.frequency) changed({ frequency: event.target.dataset.frequency }, true); });
  at("view").addEventListener("click", (event) => { if (event.target.dataset.view) changed({ view: event.target.dataset.view }); });
  at("benchmark").addEventListener("change", () => { changed({ benchmark: at("benchmark").value }, true); heated(); });
  at("tail").addEventListener("input", () => { state.tail = TAILS[Number(at("tail").value)].name; controlled(); redrawn(); });
  for (const [id, name] of [["near", "near"], ["weights", "weights"], ["quadrant-colours", "quadrantColours"]]) {
    at(id).addEventListener("change", () => { state[name] = at(id).checked; redrawn(); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    cardHidden();
    if (state.only) picked(state.only);
  });
  const picture = () => png(at("panes"), {
    title: `${market.name} · ${say("desk_map")}`, captions: at("panes").querySelectorAll(".caption"),
    notes: [at("map-told").textContent, courses[master()].legend.at(-1), market.synthetic ? say("synthetic") : null].filter(Boolean),
  });
  at("png").addEventListener("click", async () => saved(await picture(), `rotation-${market.id}-${state.at ?? courses[master()].as_of}.png`));
  at("copy").addEventListener("click", async () => { at("status").textContent = say(await copied(await picture()) ? "desk_copied" : "desk_not_copied"); });
  at("link").addEventListener("click", async () => {
    const link = location.href;
    const done = await navigator.clipboard.writeText(link).then(() => true, () => false);
    at("status").textContent = say(done ? "desk_link_copied" : "desk_link_here", { link });
  });
  onTheme(() => { if (live()) { time.charted(); redrawn(); } });
}

const heated = () => heatGrid(at("heat"), { compact: true, benchmark: state.benchmark })
  .catch((error) => fill("heat", make("p", { class: "gap" }, error.message)));

controlled();
listened();
loaded();
heated();
