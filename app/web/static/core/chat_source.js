// A number that tells where it comes from, to the pointer and to the keyboard.
import { at, fill, make } from "./dom.js";
import { day, frame, say } from "./frame.js";

const names = new Set(frame.markets.flatMap((market) => [market.name, ...market.sectors.map((sector) => sector.name)]));
const benchmarks = new Map(frame.markets.flatMap((market) => market.benchmarks.map((item) => [item.id, item.name])));

function rows(source) {
  const worded = (kind, value) => frame.words[`${kind}.${value}`] ?? value;
  return [
    ["value", source.value],
    ["measure", source.measure],
    ["as_of", source.as_of ? day(source.as_of) : null],
    ["frequency", source.frequency && worded("frequency", source.frequency)],
    ["benchmark", source.benchmark && (benchmarks.get(source.benchmark) ?? source.benchmark)],
    ["tool", source.tool && worded("tool", source.tool)],
    ["server", source.server],
    ["formula", source.formula],
  ].filter(([, text]) => text);
}

function shown(target, source) {
  const card = at("hover");
  fill(card, make("dl", { class: "source" }, rows(source).map(([key, text]) =>
    make("div", {}, make("dt", {}, say(`chat_source_${key}`)), make("dd", {}, text)))));
  card.hidden = false;
  target.setAttribute("aria-describedby", "hover");
  const place = target.getBoundingClientRect(), size = card.getBoundingClientRect();
  const below = place.bottom + 6 + size.height < innerHeight;
  card.style.top = `${Math.max(4, below ? place.bottom + 6 : place.top - size.height - 6)}px`;
  card.style.left = `${Math.max(4, Math.min(place.left, innerWidth - size.width - 8))}px`;
}

function gone(target) {
  at("hover").hidden = true;
  target.removeAttribute("aria-describedby");
}

// Who a sentence is about is bound to the fact told of it later: the value shows the source.
const isName = (span, place, spans) =>
  names.has(span.text) || (!/\d/.test(span.text) && spans.slice(place + 1).some((later) => later.fact === span.fact));

// A span of a sentence: what is bound to a fact shows its source, names stay plain.
export function bound(span, place, spans, sources) {
  const source = span.fact ? sources.get(span.fact) : null;
  if (!source || isName(span, place, spans)) return span.text;
  const made = make("span", { role: "button", tabindex: "0", class: "figure" }, span.text);
  for (const name of ["pointerenter", "focus", "click"]) made.addEventListener(name, () => shown(made, source));
  for (const name of ["pointerleave", "blur"]) made.addEventListener(name, () => gone(made));
  made.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); gone(made); } });
  return made;
}
