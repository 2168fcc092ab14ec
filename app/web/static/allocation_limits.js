// The limits as plain fields, checked by the product, with the file that would state them.
import { get, send } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { day, frame, market, percent, place, say } from "./core/frame.js";

const GENERAL = ["sector_cap", "active_cap", "turnover", "tracking_error_pct", "cash_floor", "cash_cap", "issuer_cap"];
const IN_PERCENT = new Set(["tracking_error_pct"]);
let unstated = {};

const shown = (name, value) => (value === null || value === undefined ? "" : String(Number((IN_PERCENT.has(name) ? value : 100 * value).toFixed(4))));
const read = (name, text) => {
  if (text.trim() === "") return unstated[name] ?? null;
  const value = Number(text.replace(",", "."));
  return IN_PERCENT.has(name) ? value : Number((value / 100).toFixed(8));
};

function number(name, value, label, builtIn) {
  const id = `limit-${name.replace(".", "-")}`;
  return make("input", { id, type: "number", min: "0", max: "100", step: "any", inputmode: "decimal", value, "aria-label": label ?? null, placeholder: (unstated[name] ?? null) !== null ? "" : builtIn === undefined ? say("allocation_none") : say("allocation_built_in", { value: shown(name, builtIn) }) });
}

function fields(limits, builtIn) {
  const inputs = new Map(GENERAL.map((name) => [name, number(name, shown(name, limits[name]), null, builtIn[name])]));
  const node = make("div", { class: "fields" }, GENERAL.map((name) => make("label", {}, make("span", {}, say(`limit_${name}`)), inputs.get(name))));
  return { node, inputs };
}

function sectorRows(limits) {
  const of = (list, key, sector) => shown(key, list.find((row) => row.sector === sector)?.[key]);
  const inputs = market.sectors.map((sector) => ({
    sector: sector.id,
    cap: number(`cap.${sector.id}`, of(limits.caps, "cap", sector.id), say("allocation_cap_of", { sector: sector.name })),
    floor: number(`floor.${sector.id}`, of(limits.floors, "floor", sector.id), say("allocation_floor_of", { sector: sector.name })),
    out: make("input", { type: "checkbox", checked: limits.excluded.includes(sector.id), "aria-label": say("allocation_out_of", { sector: sector.name }) }),
  }));
  const head = ["sector", "allocation_cap", "allocation_floor", "allocation_out"].map((key, at) => make("th", { scope: "col", class: at ? "number" : "" }, say(key)));
  const node = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("allocation_by_sector") }, make("table", { class: "of-limits" },
    make("thead", {}, make("tr", {}, head)),
    make("tbody", {}, inputs.map((row, at) => make("tr", {}, make("th", { scope: "row" }, market.sectors[at].name),
      make("td", { class: "number" }, row.cap), make("td", { class: "number" }, row.floor), make("td", { class: "number" }, row.out))))));
  return { node, inputs };
}

function drafted(limits, general, rows) {
  const filled = (key) => rows.filter((row) => row[key].value.trim() !== "").map((row) => ({ sector: row.sector, [key]: read(key, row[key].value) }));
  return { ...limits, ...Object.fromEntries(GENERAL.map((name) => [name, read(name, general.get(name).value)])),
    caps: filled("cap"), floors: filled("floor"), excluded: rows.filter((row) => row.out.checked).map((row) => row.sector) };
}

function versions(view) {
  if (!view.of_file) return make("p", { class: "note" }, say("allocation_packaged"));
  const line = (row) => make("tr", { class: row.in_force ? "" : "soft" }, make("th", { scope: "row" }, `${row.version}${row.in_force ? ` · ${say("allocation_in_force")}` : ""}`),
    make("td", {}, row.valid_from ? day(row.valid_from) : "–"), make("td", {}, row.author || "–"), make("td", { class: "why" }, row.reason || "–"));
  const head = ["allocation_version", "allocation_from", "allocation_author", "allocation_reason"];
  return make("details", {}, make("summary", {}, say("allocation_versions", { id: view.id, n: view.versions.length })),
    make("table", {}, make("thead", {}, make("tr", {}, head.map((key) => make("th", { scope: "col" }, say(key))))), make("tbody", {}, view.versions.map(line))));
}

function meta() {
  const made = { valid_from: make("input", { type: "date" }), author: make("input", { type: "text", maxlength: "80", autocomplete: "name" }), reason: make("input", { type: "text", maxlength: "200" }) };
  const labels = { valid_from: "allocation_from", author: "allocation_author", reason: "allocation_reason" };
  return { made, node: make("div", { class: "fields" }, Object.entries(made).map(([name, input]) => make("label", {}, make("span", {}, say(labels[name])), input))) };
}

function file(found) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([found.text], { type: "application/toml" }));
    make("a", { href: url, download: found.file_name }).click();
    URL.revokeObjectURL(url);
  };
  return make("details", {}, make("summary", {}, say("allocation_file")), make("p", { class: "note" }, say("allocation_file_note")),
    make("pre", { tabindex: "0" }, found.text), make("button", { type: "button", onclick: save }, say("allocation_download", { name: found.file_name })));
}

function verdict(found) {
  const head = found.possible
    ? make("p", { class: "good" }, `✓ ${say(found.held ? "allocation_possible_held" : "allocation_possible", { day: day(found.held ?? found.as_of), turnover: percent(found.turnover) })}`)
    : make("p", { class: "gap" }, found.problem);
  const list = (key, items) => (items.length ? [make("h4", {}, say(key)), make("ul", {}, items.map((text) => make("li", {}, text)))] : []);
  const changes = found.changes.map((row) => `${row.limit}: ${row.before} → ${row.after}`);
  return [head, ...list("allocation_conflict", found.conflict), ...list("allocation_relaxations", found.relaxations),
    ...list("allocation_changes", changes), ...list("allocation_needs_file", found.untried), file(found)];
}

export async function limitsForm(where) {
  const view = await get(place("mandate"), { as_of: frame.as_of });
  unstated = view.unstated;
  if (view.problem) fill(where, make("p", { class: "gap" }, view.problem));
  const start = (view.versions.find((row) => row.in_force) ?? view.versions[0])?.limits;
  if (!start) return { changed: () => false, checked: async () => null };
  const general = fields(start, view.built_in), rows = sectorRows(start), about = meta(), result = make("div", { class: "verdict", role: "status" });
  const draft = () => drafted(start, general.inputs, rows.inputs);
  const before = JSON.stringify(draft());
  const checked = async () => {
    try {
      const found = await send("POST", place("mandate/check"), { limits: draft(), as_of: frame.as_of, valid_from: about.made.valid_from.value || null,
        author: about.made.author.value, reason: about.made.reason.value });
      fill(result, verdict(found));
      return found;
    } catch (error) {
      fill(result, make("p", { class: "gap" }, error.message));
      return { possible: false };
    }
  };
  fill(where, versions(view), make("p", { class: "note" }, say("allocation_percent_note")), general.node, rows.node,
    make("h3", {}, say("allocation_keep_limits")), about.node,
    make("div", { class: "row" }, make("button", { type: "button", id: "check", onclick: checked }, say("allocation_check"))), result);
  return { changed: () => JSON.stringify(draft()) !== before, checked };
}
