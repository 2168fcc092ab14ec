// The heatmap's page: three pictures of the same forecasts, each with an address of its own.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { asked, keep, market, place, say, stated } from "./core/frame.js";
import { heatGrid, horizonSwitch, painted, styled } from "./heat_grid.js";
import { factorPicture } from "./heat_factors.js";
import { weekPicture } from "./heat_weeks.js";

const TABS = ["horizons", "factors", "weeks"];
const PICTURES = { factors: factorPicture, weeks: weekPicture };
let running = null;

const chosen = () => (TABS.includes(stated("tab")) ? stated("tab") : TABS[0]);

async function picture(name, grid, where) {
  const horizon = grid.horizons.find((column) => column.horizon === grid.horizon);
  running = new AbortController();
  const { signal } = running;
  const below = make("div", {}, make("p", { class: "busy", role: "status" }, say("loading")));
  const again = (other) => { keep({ horizon: other }); show(name); };
  fill(where, horizonSwitch(say, grid, again), below);
  try {
    await PICTURES[name](below, grid.horizon, horizon.intensity_fraction, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function show(name) {
  running?.abort();
  keep({ tab: name === TABS[0] ? null : name });
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const own = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(own));
    tab.tabIndex = own ? 0 : -1;
  }
  const where = at("heat");
  where.setAttribute("aria-labelledby", `tab-${name}`);
  at("heat-benchmark").hidden = name !== TABS[0];
  try {
    if (name === TABS[0]) return void await heatGrid(where);
    fill(where, make("p", { class: "busy", role: "status" }, say("loading")));
    const grid = await get(place("heatmap"), asked({ horizon: stated("horizon", "1M") }));
    await styled();
    if (chosen() === name) await picture(name, grid, where);
  } catch (error) {
    fill(where, make("p", { class: "gap", role: "alert" }, error.message));
  }
}

function tabs() {
  const made = TABS.map((name) => make("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "heat", dataset: { tab: name }, onclick: () => show(name),
  }, say(`heat_tab_${name}`)));
  at("heat-tabs").append(...made);
  at("heat-tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const from = made.indexOf(event.target);
    if (!step || from < 0) return;
    const next = made[(from + step + made.length) % made.length];
    next.focus();
    next.click();
  });
}

function choosers() {
  const select = at("heat-benchmark").querySelector("select");
  select.append(...market.benchmarks.map((mark) => make("option", { value: mark.id, selected: mark.id === stated("benchmark") }, mark.name)));
  select.addEventListener("change", () => { keep({ benchmark: select.value === market.benchmarks[0].id ? null : select.value }); show(TABS[0]); });
  const palette = at("heat-palette");
  const pressed = () => palette.setAttribute("aria-pressed", String(document.documentElement.dataset.heat === "blue"));
  palette.addEventListener("click", () => { painted(document.documentElement.dataset.heat === "blue" ? "green" : "blue"); pressed(); });
  styled().then(pressed);
}

tabs();
choosers();
show(chosen());
