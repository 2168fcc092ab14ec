// What a desk would be told today: its own sectors first, each alert with the rule that found it.
import { get } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { asked, day, keep, number, place, say, stated } from "./core/frame.js";
import { part, sectorPath } from "./core/parts.js";

const CONCERNS = ["held", "favoured", "market", "other", "upkeep"];
const MARKS = { quadrant_change: "↻", early_warning: "◌", stance_change: "⇄", flow_turn: "↶", volume_spike: "▮", put_through: "▤", manager_position: "◫", market_warning: "!", de_risking: "↓", stale_data: "◷", tool_changed: "⚙" };

const about = (alert) => [
  say("of_day", { day: day(alert.period) }), alert.frequency_name,
  alert.benchmark_name ? say("against", { name: alert.benchmark_name }) : null,
].filter(Boolean).join(" · ");

function shown(alert) {
  const text = alert.sector
    ? make("a", { href: sectorPath(alert.sector) }, alert.text)
    : alert.text;
  return make("li", { class: `alert ${alert.concern}` },
    make("span", { class: "mark", "aria-hidden": "true" }, MARKS[alert.kind]),
    make("div", {},
      make("p", {}, make("span", { class: "chip" }, say(alert.kind_key)), " ", text),
      make("p", { class: "note" }, about(alert)),
      make("details", {}, make("summary", {}, say("rule")), make("p", { class: "note" }, alert.rule))));
}

function grouped(answer, kind) {
  const kept = answer.alerts.filter((alert) => !kind || alert.kind === kind);
  return CONCERNS.map((concern) => [concern, kept.filter((alert) => alert.concern === concern)])
    .filter(([, rows]) => rows.length)
    .map(([concern, rows]) => make("section", { class: "card", "aria-labelledby": `concern-${concern}` },
      make("h2", { id: `concern-${concern}` }, `${say(`concern_${concern}`)} `, make("span", { class: "soft" }, number(rows.length, 0))),
      make("ul", { class: "alerts" }, rows.map(shown))));
}

function chooser(answer, list) {
  const kinds = [...new Set(answer.alerts.map((alert) => alert.kind))];
  const buttons = [null, ...kinds].map((kind) => make("button", {
    type: "button", "aria-pressed": String((stated("kind") ?? null) === kind),
    onclick: (event) => {
      keep({ kind });
      for (const button of buttons) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      fill(list, grouped(answer, kind));
    } }, kind ? `${say(`kind_${kind}`)} ${number(answer.alerts.filter((alert) => alert.kind === kind).length, 0)}` : say("all_kinds")));
  return make("div", { class: "row kinds", role: "group", "aria-label": say("kinds") }, buttons);
}

function all(where, answer) {
  const list = make("div", {});
  const kinds = new Set(answer.alerts.map((alert) => alert.kind));
  const kind = kinds.has(stated("kind")) ? stated("kind") : null;
  fill("alerts-date", say("as_known", { day: day(answer.as_of) }), " ",
    answer.held.length ? say("held", { names: answer.held.join(", ") }) : say("held_none"), " ",
    answer.favoured.length ? say("favoured", { names: answer.favoured.join(", ") }) : say("favoured_none"));
  fill(where,
    answer.alerts.length ? chooser(answer, list) : make("section", { class: "card" }, make("p", {}, say("nothing"))), list,
    answer.unseen.map((row) => make("p", { class: "note" }, `${say(`unseen_${row.subject}`)} ${row.text}`)),
    make("p", { class: "note" }, say("note")));
  fill(list, grouped(answer, kind));
}

await part("alerts", () => get(place("alerts"), asked()), all);
