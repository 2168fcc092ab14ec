// A question as it was understood, in words: what was stated, and what was inferred and from where.
import { make } from "./dom.js";
import { day, frame, say } from "./frame.js";

const market = (id) => frame.markets.find((item) => item.id === id);
export const marketName = (id) => market(id)?.name ?? id;

export function sectorName(universe, sector) {
  return market(universe)?.sectors.find((item) => item.id === sector)?.name ?? sector.replaceAll("_", " ");
}

const topics = (request) => request.topics.map((topic) => say(`topic_${topic}`)).join(", ");
const focus = (request) => [...new Set(request.focus.map((item) => sectorName(item.universe, item.sector)))].join(", ");

function dates(request) {
  const last = request.as_of ? day(request.as_of) : say("chat_last_session");
  return request.since ? `${day(request.since)} – ${last}` : last;
}

function benchmark(request) {
  const found = request.universes.flatMap((id) => market(id)?.benchmarks ?? []).find((item) => item.id === request.benchmark);
  return found?.name ?? request.benchmark;
}

// The rows of a request: field, heading, text; empty ones are left out.
function rows(request) {
  return [
    ["intent", say("field.intent"), say(`intent.${request.intent}`)],
    ["universe", say("field.universe"), request.universes.map(marketName).join(", ")],
    ["horizon", say("field.horizon"), say(`horizon.${request.horizon}`)],
    ["as_of", say("field.as_of"), dates(request)],
    ["sector", say("field.sector"), focus(request)],
    ["benchmark", say("field.benchmark"), request.benchmark ? benchmark(request) : ""],
    ["symbols", say("chat_symbols"), request.symbols.join(", ")],
    ["topic", say("field.topic"), topics(request)],
  ].filter(([, , text]) => text);
}

// Shows the request; `stated` are limits and holdings in the server's words.
export function understood(request, stated) {
  const why = new Map(request.inferred.map((item) => [item.field, say(`why.${item.why}`)]));
  const said = rows(request).map(([field, heading, text]) => make("div", {},
    make("dt", {}, heading),
    make("dd", {}, text, why.has(field) ? make("span", { class: "chip" }, why.get(field)) : null)));
  if (stated) said.push(make("div", { class: "stated" }, make("dt", {}, say("chat_stated")), make("dd", {}, stated)));
  return make("section", { class: "understood", "aria-label": say("chat_understood") },
    make("h3", {}, say("chat_understood")), make("dl", {}, said));
}
