// One sector's page: each part is asked for by itself, and a part without data says so.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { asked, day, frame, market, place, say, signed, stated } from "./core/frame.js";
import { styled } from "./heat_grid.js";
import { contributionChart, contributionRows, dot, pathChart, valuationChart } from "./sector_charts.js";
import { movesTable } from "./sector_moves.js";
import { block, gapOf, sheetBlock, sheetBlocks, sheetTable } from "./sector_sheet.js";
import { screener } from "./sector_screen.js";
import { argued, facts, forecastTable } from "./sector_summary.js";

const sector = frame.parameters.sector;
const address = place(`sectors/${sector}`);
const horizon = stated("horizon", "1M"), benchmark = stated("benchmark");

const refused = (error) => make("p", { class: "gap", role: "alert" }, error.message);

async function part(id, asks, shown) {
  const where = at(id);
  fill(where, make("p", { class: "busy", role: "status" }, say("loading")));
  try {
    fill(where, ...[await shown(await asks())].flat());
  } catch (error) {
    fill(where, refused(error));
  }
}

const of = (name, extra = {}) => () => get(name ? `${address}/${name}` : address, asked(extra));

function heading(summary) {
  document.title = `${summary.name} · ${market.name} · Sectorwise`;
  fill("sector-name", dot(summary.sector), " ", summary.name, " ",
    market.built_from_members ? null : make("span", { class: "soft" }, summary.ticker), " ",
    make("span", { class: "note" }, day(summary.as_of)));
}

function summarised(summary) {
  heading(summary);
  if (summary.gap || !summary.row) return facts(summary);
  const parts = [facts(summary), block(say("sector_forecast"), forecastTable(summary))];
  return summary.row.score === null ? parts : [...parts, argued(summary)];
}

function scored(score) {
  if (score.gap) return gapOf(score.gap);
  if (score.score === null) return make("p", { class: "gap" }, say("sector_unscored", { reason: score.reason ?? "" }));
  const rows = contributionRows(score);
  return [contributionChart(score),
    make("details", {}, make("summary", {}, say("sector_chart_data")),
      make("table", {}, make("caption", { class: "unseen" }, say("sector_contributions")),
        make("thead", {}, make("tr", {}, ["factor", "family", "part"].map((name) => make("th", { scope: "col" }, say(`sector_${name}`))))),
        make("tbody", {}, rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.label), make("td", {}, row.family), make("td", { class: "number" }, signed(row.value))))))),
    make("p", { class: "note" }, [say("sector_contributions_note"), score.weights].filter(Boolean).join(" "))];
}

const pathOf = (rotation) => (rotation.path.length
  ? [pathChart(rotation), make("p", { class: "note" }, say("sector_path_note", { benchmark: market.benchmarks.find((mark) => mark.id === benchmark)?.name ?? market.benchmarks[0].name })),
    sheetBlock(say("sector_quadrants"), rotation.quadrants)]
  : sheetTable(rotation.stays, say("sector_rotation")));

const stayed = (rotation) => make("div", { class: "pair" },
  sheetBlock(say("sector_stays"), rotation.stays), block(say("sector_moves"), movesTable(rotation.moves)));

function rotated(rotation) {
  const known = rotation.path.length > 0;
  fill("sector-stays", known ? stayed(rotation) : null);
  at("sector-stays").parentElement.hidden = !known;
  return pathOf(rotation);
}

const listed = (members) => [
  make("p", { class: "note" }, say("sector_members_note")),
  ...sheetBlocks([
    [say("sector_largest"), members.members], [say("sector_breadth"), members.breadth],
    ...(members.parts.rows.length ? [[say("sector_parts"), members.parts]] : []),
  ]),
];

function accounted(accounts) {
  const dear = accounts.valuation.rows[0];
  const ranged = dear && dear.pe_x !== null && dear.pe_low_x !== null;
  return sheetBlocks([
    [say("sector_fundamentals"), accounts.fundamentals],
    [say("sector_valuation"), accounts.valuation, ranged ? valuationChart(dear) : null],
    [say("sector_statements"), accounts.statements],
    ...(accounts.ratios.rows.length ? [[say("sector_ratios"), accounts.ratios]] : []),
  ]);
}

const traded = (flows) => [
  make("p", { class: "note" }, say("sector_flows_note")),
  ...sheetBlocks([
    [say("sector_spans"), flows.foreign],
    ...(flows.stocks.rows.length ? [[say("sector_stocks"), flows.stocks]] : []),
    [say("sector_room"), flows.room], [say("sector_proprietary"), flows.proprietary],
    ...(market.built_from_members ? [] : [[say("sector_fund"), flows.fund]]),
    [say("sector_whales"), flows.whales],
  ]),
];

function choosers() {
  const select = at("sector-other");
  select.append(...market.sectors.map((one) => make("option", { value: one.id, selected: one.id === sector }, one.name)));
  select.addEventListener("change", () => { location.pathname = `/sectors/${select.value}`; });
}

async function all() {
  choosers();
  await styled();
  try {
    const summary = await get(address, asked({ horizon, benchmark }));
    fill("sector-summary", ...[summarised(summary)].flat());
  } catch (error) {
    fill("sector-name", say("page_sector"));
    fill("sector-summary", refused(error));
    if (error.status === 404) return void document.querySelectorAll(".later").forEach((card) => card.remove());
  }
  part("sector-score", of("score", { horizon }), scored);
  part("sector-rotation", of("rotation", { benchmark }), rotated);
  part("sector-members", of("members"), listed);
  part("sector-accounts", of("accounts"), accounted);
  part("sector-flows", of("flows"), traded);
  screener(at("sector-screen"), address);
}

all();
