// What is held as plain rows, a pasted table or a file; valued, tried, and kept under its date.
import { get, send } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, market, number, percent, place, say, sectors } from "./core/frame.js";

const TEXT_MOST = 200_000;
const names = new Map(market.sectors.flatMap((one) => [[one.name.toLowerCase(), one.id], [one.id, one.id]]));
const plain = (text) => (text.trim() === "" ? null : Number(text.replace(",", ".")));
const fraction = (text) => (plain(text) === null ? null : Number((plain(text) / 100).toFixed(8)));
const shown = (value, by = 1) => (value === null || value === undefined ? "" : String(Number((by * value).toFixed(6))));

function row(position, gone) {
  const name = position?.sector ? sectors.get(position.sector)?.name ?? position.sector : position?.symbol ?? "";
  const made = {
    name: make("input", { type: "text", list: "sector-names", maxlength: "64", value: name, "aria-label": say("allocation_holding") }),
    weight: make("input", { type: "number", min: "0", max: "100", step: "any", value: shown(position?.weight, 100), "aria-label": say("allocation_weight") }),
    quantity: make("input", { type: "number", min: "0", step: "any", value: shown(position?.quantity), "aria-label": say("allocation_quantity") }),
  };
  made.node = make("tr", {}, ["name", "weight", "quantity"].map((key) => make("td", {}, made[key])),
    make("td", {}, make("button", { type: "button", "aria-label": say("allocation_remove"), onclick: () => gone(made) }, "×")));
  return made;
}

function positionOf(one) {
  const said = one.name.value.trim();
  const sector = names.get(said.toLowerCase());
  const quantity = plain(one.quantity.value);
  return { sector: sector ?? null, symbol: sector ? null : said.toUpperCase(), quantity, weight: quantity === null ? fraction(one.weight.value) : null };
}

class Rows {
  constructor() {
    this.list = [];
    this.body = make("tbody", {});
  }

  add(position) {
    const made = row(position, (one) => { this.list = this.list.filter((other) => other !== one); one.node.remove(); });
    this.list.push(made);
    this.body.append(made.node);
  }

  replace(positions) {
    this.list = [];
    this.body.replaceChildren();
    positions.forEach((one) => this.add(one));
    if (!positions.length) this.add(null);
  }

  positions() {
    return this.list.filter((one) => one.name.value.trim() !== "").map(positionOf);
  }
}

function money() {
  const field = (type, extra = {}) => make("input", { type, ...extra });
  const made = { dated: field("date"), nav_bn: field("number", { min: "0", step: "any" }), cash_bn: field("number", { min: "0", step: "any" }), cash_weight: field("number", { min: "0", max: "100", step: "any" }) };
  const unit = `bn ${market.currency}`;
  const node = make("div", { class: "fields" }, Object.entries(made).map(([name, input]) => make("label", {}, make("span", {}, say(`held_${name}`, { unit })), input)));
  return { made, node };
}

function worth(view) {
  const one = view.portfolio, notes = [view.problem, view.unknown?.length ? say("allocation_unknown", { symbols: view.unknown.join(", ") }) : ""].filter(Boolean);
  const gaps = notes.map((text) => make("p", { class: "gap" }, text));
  if (!one) return gaps;
  const lines = [...one.sectors.filter((item) => item.weight > 0).map((item) => [sectors.get(item.sector)?.name ?? item.sector, item.weight]),
    [say("allocation_cash"), one.cash_weight], ...(one.outside_weight > 0 ? [[say("allocation_outside"), one.outside_weight]] : [])];
  return [...gaps, make("p", { class: "note" }, [say("allocation_valued", { day: day(one.as_of) }), one.nav_bn ? `${say("held_nav_bn", { unit: `bn ${market.currency}` })} ${number(one.nav_bn, 1)}` : ""].filter(Boolean).join(" · ")),
    make("ul", { class: "worth" }, lines.map(([name, weight]) => make("li", {}, make("span", {}, name), make("b", {}, percent(weight)))))];
}

function understood(read) {
  const taken = read.mapping.map((one) => `${one.column} → ${one.field}${one.unit ? ` (${one.unit})` : ""}`).join(" · ");
  return make("p", { class: "note" }, say("allocation_read", { n: read.rows.length, columns: taken }));
}

function pasting(taken) {
  const text = make("textarea", { rows: "5", maxlength: String(TEXT_MOST), spellcheck: "false", "aria-label": say("allocation_paste_label"), placeholder: "symbol,quantity\nTCB,2000000\ncash,60000000000" });
  const said = make("div", { role: "status" });
  const file = make("input", { type: "file", accept: ".csv,.txt,text/csv,text/plain", "aria-label": say("allocation_upload") });
  const reading = async () => {
    try {
      const read = await send("POST", place("holdings/read"), { text: text.value });
      fill(said, understood(read));
      taken(read.view);
    } catch (error) {
      fill(said, make("p", { class: "gap" }, error.message));
    }
  };
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > TEXT_MOST) { fill(said, make("p", { class: "gap" }, say("allocation_too_large"))); return; }
    text.value = await chosen.text();
    await reading();
  });
  return make("details", {}, make("summary", {}, say("allocation_paste")), text,
    make("div", { class: "row" }, make("button", { type: "button", onclick: reading }, say("allocation_read_it")), file), said);
}

function filled(rows, cash, held) {
  rows.replace(held?.positions ?? []);
  cash.dated.value = held?.dated ?? frame.as_of ?? "";
  cash.nav_bn.value = shown(held?.nav_bn);
  cash.cash_bn.value = shown(held?.cash_bn);
  cash.cash_weight.value = shown(held?.cash_weight, 100);
}

export async function heldForm(where) {
  const view = await get(place("holdings"), { as_of: frame.as_of });
  const rows = new Rows(), cash = money(), said = make("div", { role: "status" }), valued = make("div", {}, worth(view));
  const form = () => ({ nav_bn: plain(cash.made.nav_bn.value), cash_bn: plain(cash.made.cash_bn.value), cash_weight: fraction(cash.made.cash_weight.value), positions: rows.positions() });
  const kept = async () => {
    try {
      const done = await send("POST", place("holdings"), { ...form(), dated: cash.made.dated.value || null });
      fill(said, make("p", { class: "good" }, `✓ ${say(done.stored ? "allocation_kept" : "allocation_kept_before", { day: day(done.view.holdings.dated) })}`));
      fill(valued, worth(done.view));
    } catch (error) {
      fill(said, make("p", { class: "gap" }, error.message));
    }
  };
  filled(rows, cash.made, view.holdings);
  const before = JSON.stringify(form());
  const head = ["allocation_holding", "allocation_weight", "allocation_quantity"].map((key) => make("th", { scope: "col" }, say(key)));
  fill(where,
    make("p", { class: "note" }, view.holdings ? say("allocation_held_on", { day: day(view.holdings.dated), source: view.holdings.source }) : say("allocation_unheld")),
    make("datalist", { id: "sector-names" }, market.sectors.map((one) => make("option", { value: one.name }))),
    make("table", { class: "of-held" }, make("thead", {}, make("tr", {}, head, make("td", {}))), rows.body),
    make("div", { class: "row" }, make("button", { type: "button", id: "add-row", onclick: () => { rows.add(null); rows.list.at(-1).name.focus(); } }, say("allocation_add"))),
    cash.node, pasting((read) => { filled(rows, cash.made, read.holdings); fill(valued, worth(read)); }),
    valued, make("div", { class: "row" }, make("button", { type: "button", id: "keep-held", onclick: kept }, say("allocation_keep"))), said);
  return { changed: () => JSON.stringify(form()) !== before, holdings: form };
}
