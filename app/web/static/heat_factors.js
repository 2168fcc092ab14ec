// Sectors by factors: every factor's z and its part of the score, families folded to their sums.
import { get } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { HUNDREDTHS, asked, day, keep, market, place, say, signed, stated } from "./core/frame.js";
import { absent } from "./heat_grid.js";
import { hatched, joined, relativeShade, sectorAddress, shadeClass } from "./heat_cells.js";

const Z_MOST = 3;
const MEASURES = {
  contribution: { scale: HUNDREDTHS, digits: 1 },
  z: { scale: 1, digits: 1 },
};

const most = (values) => Math.max(0, ...values.filter((value) => value !== null).map(Math.abs));
const opened = new Set();

function cell(value, shade, measure, reason) {
  if (value === null) {
    return make("td", { class: "hatched", title: reason ?? say("heat_unscored") }, make("span", { class: "unseen" }, reason ?? say("heat_unscored")));
  }
  return make("td", { class: `number ${shadeClass(shade)}` }, signed(value * measure.scale, measure.digits));
}

function factorRow(factor, shown, scale, intensity) {
  const measure = MEASURES[shown];
  const cells = joined(
    factor.cells.map((one) => ({ ...one, reason: one[shown] === null ? one.reason ?? say("heat_unscored") : null })),
    (one) => cell(one[shown], relativeShade(one[shown], scale, intensity), measure, one.reason));
  return make("tr", { class: "factor" },
    make("th", { scope: "row", title: say("heat_weight", { weight: signed(factor.weight, 3) }) }, factor.label), cells);
}

function familyBody(family, shown, scales, intensity) {
  const open = opened.has(family.family), measure = MEASURES[shown];
  const toggle = make("button", { type: "button", class: "unfold", "aria-expanded": String(open) },
    make("span", { "aria-hidden": "true" }, open ? "▾ " : "▸ "), family.label, " ",
    make("span", { class: "until" }, say("heat_family_sum", { n: family.factors.length })));
  const sums = family.contributions.map((value) => (shown === "z" ? undefined : value));
  const body = make("tbody", {},
    make("tr", { class: "family" }, make("th", { scope: "row" }, toggle),
      sums.map((value) => (value === undefined
        ? make("td", { class: "past" })
        : cell(value, relativeShade(value, scales.family, intensity), measure, null)))),
    family.factors.map((factor) => {
      const row = factorRow(factor, shown, scales.factor, shown === "z" ? 1 : intensity);
      row.hidden = !open;
      return row;
    }));
  toggle.addEventListener("click", () => {
    const now = !opened.delete(family.family);
    if (now) opened.add(family.family);
    toggle.setAttribute("aria-expanded", String(now));
    toggle.firstElementChild.textContent = now ? "▾ " : "▸ ";
    for (const row of body.querySelectorAll(".factor")) row.hidden = !now;
  });
  return body;
}

function table(grid, shown, intensity) {
  const factors = grid.families.flatMap((family) => family.factors);
  const cells = factors.flatMap((factor) => factor.cells.map((one) => one[shown]));
  const sums = grid.families.flatMap((family) => family.contributions);
  const scales = { factor: shown === "z" ? Z_MOST : most(cells), family: most(sums) };
  const scores = grid.sectors.map((sector) => sector.score);
  return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("heat_tab_factors") },
    make("table", { class: `heat factors${market.built_from_members ? " upright" : ""}` },
      make("caption", {}, say("heat_tab_factors")),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("heat_factor")),
        grid.sectors.map((sector) => make("th", { scope: "col", class: "number" },
          make("a", { href: sectorAddress(sector.sector), title: sector.name }, market.built_from_members ? sector.name : sector.ticker))))),
      make("tbody", {}, make("tr", { class: "family" }, make("th", { scope: "row" }, say("heat_sum")),
        scores.map((score, column) => (score === null
          ? hatched(grid.sectors[column].reason)
          : cell(score, relativeShade(score, most(scores), intensity), MEASURES.contribution, null))))),
      grid.families.map((family) => familyBody(family, shown, scales, intensity))));
}

export async function factorPicture(where, horizon, intensity, signal) {
  const grid = await get(place("heatmap/factors"), asked({ horizon }), { signal });
  const render = () => {
    if (grid.gap) return fill(where, absent(say, grid.gap));
    const shown = stated("shown") === "z" ? "z" : "contribution";
    const all = grid.families.length > 0 && grid.families.every((family) => opened.has(family.family));
    const pick = (name, label) => make("button", {
      type: "button", "aria-pressed": String(shown === name),
      onclick: () => { keep({ shown: name === "z" ? "z" : null }); if (name === "z") grid.families.forEach((family) => opened.add(family.family)); render(); },
    }, label);
    fill(where,
      make("div", { class: "row" },
        make("div", { class: "row switch", role: "group", "aria-label": say("heat_shown") }, pick("contribution", say("heat_contribution")), pick("z", say("heat_z"))),
        make("button", {
          type: "button", class: "switch",
          onclick: () => { grid.families.forEach((family) => (all ? opened.delete(family.family) : opened.add(family.family))); render(); },
        }, say(all ? "heat_fold" : "heat_unfold"))),
      table(grid, shown, intensity),
      make("p", { class: "note" }, [say("heat_factor_note"), grid.weights, grid.trained_until ? say("heat_trained", { day: day(grid.trained_until) }) : null].filter(Boolean).join(" ")));
  };
  if (stated("shown") === "z") grid.families.forEach((family) => opened.add(family.family));
  render();
}
