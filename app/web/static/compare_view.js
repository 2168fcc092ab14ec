// Two reports side by side: weights, ranks and scores by sector, what changed and why, sentences.
import { inside } from "./core/blocks.js";
import { make } from "./core/dom.js";
import { day, frame, number, percent, say, signed } from "./core/frame.js";
import { originsOf } from "./core/origin.js";

const OPEN = 2;
const same = (one, other) => (one ?? null) === (other ?? null);
const head = (text, kind = "number") => make("th", { scope: "col", class: kind }, text);
const cell = (text, kind = "number") => make("td", { class: kind }, text);

function moved(before, after) {
  if (before === null || before === undefined || after === null || after === undefined) return cell("–");
  const points = Math.round(1e7 * (after - before)) / 1e5;
  return cell(points === 0 ? "0" : signed(points), `number ${points > 0 ? "up" : points < 0 ? "down" : "soft"}`);
}

const pair = (before, after, write) => (same(before, after) ? cell(write(after)) : cell(`${write(before)} → ${write(after)}`));
const rank = (value) => (value === null || value === undefined ? "–" : `#${value}`);
const score = (value) => (value === null || value === undefined ? "–" : signed(value, 2));
const stance = (one) => (same(one.before_stance, one.after_stance) ? one.after_stance ?? "–" : `${one.before_stance ?? "–"} → ${one.after_stance ?? "–"}`);

function row(one) {
  const still = same(one.before_weight, one.after_weight) && same(one.before_rank, one.after_rank) && same(one.before_score, one.after_score);
  return make("tr", { class: still ? "soft" : "" }, make("th", { scope: "row" }, one.name),
    cell(percent(one.before_weight)), cell(percent(one.after_weight)), moved(one.before_weight, one.after_weight),
    pair(one.before_rank, one.after_rank, rank), pair(one.before_score, one.after_score, score), cell(stance(one), "left"));
}

// The table of differences, each side under its date; cash stands last.
export function differences(one) {
  const cash = { name: say("compare_cash"), before_weight: one.before_cash_weight, after_weight: one.after_cash_weight };
  const some = one.before_cash_weight || one.after_cash_weight;
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("compare_weights") },
    make("table", { class: "of-differences" },
      make("thead", {}, make("tr", {}, head(say("sector"), "left"), head(`${say("compare_before")} · ${day(one.before_as_of)}`), head(`${say("compare_after")} · ${day(one.after_as_of)}`),
        head(say("compare_moved")), head(say("compare_rank")), head(say("compare_score")), head(say("compare_stance"), "left"))),
      make("tbody", {}, one.sectors.map(row), some ? row(cash) : null)));
}

const titled = (section) => frame.words[`section.${section}`] ?? say(`chat_section_${section}`);

function told(one, title, pairs, open) {
  return make("details", { open }, make("summary", {}, `${title} (${pairs.length})`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, make("table", { class: "of-sentences" },
      make("thead", {}, make("tr", {}, head(say("compare_about"), "left"), head(day(one.before_as_of), "left"), head(day(one.after_as_of), "left"))),
      make("tbody", {}, pairs.map((said) => make("tr", {}, make("th", { scope: "row" }, said.subject),
        cell(said.before || "–", "left"), cell(said.after || "–", "left")))))));
}

function sentences(one) {
  const groups = new Map();
  for (const said of one.sentences ?? []) groups.set(titled(said.section), [...(groups.get(titled(said.section)) ?? []), said]);
  return [...[...groups].map(([title, pairs], place) => told(one, title, pairs, place < OPEN)),
    make("p", { class: "note" }, say("compare_same_words", { n: number(one.same_sentences_count ?? 0, 0) }))];
}

// Everything of one market both reports are about.
export function sideBySide(one, origins) {
  const known = originsOf(origins);
  return make("section", {},
    make("h2", {}, `${one.name}: ${day(one.before_as_of)} → ${day(one.after_as_of)}`),
    make("div", { class: "card" }, make("h3", {}, say("compare_weights")), differences(one)),
    make("div", { class: "card" }, make("h3", {}, say("compare_changes")),
      one.changes ? inside({ ...one.changes, lines: [] }, known) : null,
      one.changes && !one.changes.tables?.length ? make("p", { class: "note" }, say("compare_nothing")) : null,
      one.why_not ? make("p", { class: "gap" }, say(`compare_not_${one.why_not}`)) : null),
    make("div", { class: "card" }, make("h3", {}, say("compare_sentences")), sentences(one)));
}
