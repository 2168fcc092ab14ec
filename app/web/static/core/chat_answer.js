// A verified answer: its sentences as they come, and what it differs by from the one before.
import { make } from "./dom.js";
import { number, percent, say } from "./frame.js";
import { bound } from "./chat_source.js";
import { marketName, sectorName } from "./chat_request.js";

const FIRST = new Set(["answer", "headline", "warning", "missing"]);
const WITHOUT_ANSWER = new Set([...FIRST, "recommendation"]);

function sentence(event) {
  const sources = new Map(event.sources.map((source) => [source.fact, source]));
  return make("li", { class: `says-${event.section}` }, event.spans.map((span, place, spans) => bound(span, place, spans, sources)));
}

// Puts sentences under their sections; the ones that answer first, the rest folded away.
export function answer(live) {
  const first = make("div", { class: "answer", "aria-live": live ? "polite" : null });
  const summary = make("summary", {}, "");
  const rest = make("details", { class: "more", hidden: true }, summary);
  const lists = new Map();
  let answered = false, count = 0;
  const list = (where, section) => {
    if (!lists.has(section)) {
      lists.set(section, make("ul", {}));
      where.append(section === "answer" ? "" : make("h4", {}, say(`section.${section}`)), lists.get(section));
    }
    return lists.get(section);
  };
  return {
    nodes: [first, rest],
    told(event) {
      answered ||= event.section === "answer";
      if ((answered ? FIRST : WITHOUT_ANSWER).has(event.section)) list(first, event.section).append(sentence(event));
      else {
        list(rest, event.section).append(sentence(event));
        rest.hidden = false;
        summary.textContent = say("chat_more", { count: number(++count, 0) });
      }
    },
  };
}

const moved = (row) =>
  row.before_rank !== row.after_rank || percent(row.before_weight) !== percent(row.after_weight)
  || number(row.before_score, 2) !== number(row.after_score, 2);
const size = (row) => Math.abs((row.after_weight ?? 0) - (row.before_weight ?? 0));

function cell(before, after, written) {
  const [from, to] = [written(before), written(after)];
  if (from === to) return make("td", { class: "number soft" }, to);
  const up = (after ?? -Infinity) > (before ?? -Infinity);
  return make("td", { class: "number", "aria-label": say("chat_to", { before: from, after: to }) },
    make("span", { class: "soft" }, from), " → ", make("b", { class: written === rank ? null : up ? "up" : "down" }, to));
}

const rank = (value) => number(value, 0);
const score = (value) => number(value, 2);
const weight = (value) => number(value === null ? null : 100 * value, 1);

// Shows the sectors that differ from what `base` names, the largest change of weight first.
export function differences(rows, base) {
  const title = say(`chat_difference_${base}`);
  const heading = make("h4", {}, title);
  const changed = rows.filter(moved).sort((a, b) => size(b) - size(a));
  if (!changed.length) return make("section", { class: "difference" }, heading, make("p", {}, say(`chat_same_${base}`)));
  const several = new Set(rows.map((row) => row.universe)).size > 1;
  const body = changed.map((row) => make("tr", {},
    make("th", { scope: "row" }, sectorName(row.universe, row.sector), several ? make("span", { class: "note" }, ` ${marketName(row.universe)}`) : null),
    cell(row.before_weight, row.after_weight, weight), cell(row.before_rank, row.after_rank, rank),
    cell(row.before_score, row.after_score, score)));
  const heads = ["sector", "chat_weight", "chat_rank", "chat_score"].map((key, place) =>
    make("th", { scope: "col", class: place ? "number" : null }, say(key)));
  return make("section", { class: "difference" }, heading,
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
      make("table", {}, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body))));
}
