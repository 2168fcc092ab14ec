// Tool servers in the order they are asked: read only. No text of a server is shown but plain ids.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, number, say } from "./core/frame.js";
import { gapBox, pairs, part, table, when } from "./core/parts.js";

const code = (text) => make("code", {}, text);
const told = (name) => (name === null ? make("span", { class: "soft" }, say("not_shown")) : code(name));
const left = (still, limit) => (limit === null ? say("no_limit") : say("left_of", { left: number(still, 0), limit: number(limit, 0) }));

function quota(server) {
  const most = Math.max(1, server.calls_a_day ?? 0, ...server.days.map((row) => row.calls_count));
  const spent = server.days.reduce((sum, row) => sum + row.calls_count, 0);
  const label = say("days_alt", { n: number(server.days.length, 0), calls: number(spent, 0) });
  if (!spent) return make("p", { class: "note" }, label);
  const bars = server.days.map((row) => make("span", { class: "day", title: `${day(row.day)}: ${number(row.calls_count, 0)}` },
    make("span", { class: "bad", style: { height: `${100 * row.failed_count / most}%` } }),
    make("span", { style: { height: `${100 * (row.calls_count - row.failed_count) / most}%` } })));
  return make("div", {},
    make("div", { class: "days", role: "img", "aria-label": label }, bars),
    make("p", { class: "note" }, label),
    make("details", {}, make("summary", {}, say("days_table")), table([
      { label: say("day"), cell: (row) => day(row.day) },
      { label: say("calls"), number: true, cell: (row) => number(row.calls_count, 0) },
      { label: say("failed"), number: true, cell: (row) => number(row.failed_count, 0) },
    ], [...server.days].reverse(), { caption: say("calls") })));
}

const standing = (tool) => make("span", { class: tool.standing === "changed" || tool.standing === "vanished" ? "chip warn" : "chip" }, say(`standing_${tool.standing}`));

function tools(server, own) {
  if (own) return make("details", {}, make("summary", {}, say("own_tools", { n: number(server.tools.length, 0) })),
    make("p", { class: "tools" }, server.tools.map((tool) => [code(tool.name), " "]).flat()));
  const rows = [...server.tools].sort((one, other) => other.stands_for.length - one.stands_for.length || one.name.localeCompare(other.name));
  if (!server.tools.length && !server.unshown_count) return null;
  return make("details", { open: rows.length <= 12 }, make("summary", {}, say("tools_of", { n: number(rows.length, 0) })),
    rows.length ? table([
      { label: say("tool"), cell: (tool) => code(tool.name) },
      { label: say("stands_for"), cell: (tool) => (tool.stands_for.length ? tool.stands_for.map((name) => [code(name), " "]).flat() : make("span", { class: "soft" }, say("unused"))) },
      { label: say("standing"), cell: standing },
    ], rows, { caption: say("tools_of", { n: number(rows.length, 0) }) }) : null,
    server.unshown_count ? make("p", { class: "note" }, say("unshown", { n: number(server.unshown_count, 0) })) : null);
}

function pins(server) {
  const off = server.tools.filter((tool) => tool.standing === "changed" || tool.standing === "vanished");
  return [
    off.length ? gapBox([say("changed", { names: off.map((tool) => tool.name).join(", ") }), " ", say("accept", { command: `sectorwise tools accept ${server.name}` })].join("")) : null,
    server.pins.length ? make("details", {}, make("summary", {}, say("pins")), table([
      { label: say("at"), cell: (row) => when(row.at, frame.language) },
      { label: say("tool"), cell: (row) => told(row.tool) },
      { label: say("what"), cell: (row) => say(`pin_${row.what}`) },
    ], server.pins, { caption: say("pins") })) : null,
  ];
}

function shown(server, own) {
  return make("section", { class: "card", "aria-labelledby": `server-${server.name}` },
    make("h2", { id: `server-${server.name}` }, `${server.place}. `, code(server.name), " ",
      make("span", { class: server.reachable ? "chip" : "chip warn" }, `${server.reachable ? "● " : "○ "}${say(server.reachable ? "answers" : "down")}`)),
    pairs([
      [say("by"), say(`by_${server.transport}`)],
      [say("alias_map"), server.alias_map ? code(server.alias_map) : null],
      [say("dates"), server.today_only ? say("today_only") : null],
      [say("minute"), left(server.left_this_minute, server.calls_a_minute)],
      [say("today"), left(server.left_today, server.calls_a_day)],
    ]),
    ...pins(server), tools(server, own), quota(server));
}

const columns = [
  { label: say("tool"), cell: (row) => [told(row.tool), row.upstream ? make("span", { class: "soft" }, ` ${say("upstream")}`) : null].filter(Boolean) },
  { label: say("server"), cell: (row) => told(row.server) },
  { label: say("at"), cell: (row) => make("time", { datetime: row.fetched_at }, when(row.fetched_at, frame.language)) },
  { label: say("as_of"), cell: (row) => day(row.as_of) },
  { label: say("known_at"), cell: (row) => day(row.known_at) },
  { label: say("brought"), cell: (row) => (row.failed ? make("span", { class: "chip warn" }, row.failed_name) : say("answered")) },
];

function all(where, answer) {
  const own = answer.source === "own";
  fill(where,
    own ? make("p", {}, say("own_only")) : null,
    answer.lacking.length ? gapBox(say("lacking", { names: answer.lacking.join(", ") })) : null,
    answer.servers.map((server) => shown(server, own)),
    make("p", { class: "note" }, say("asked_at", { at: when(answer.asked_at, frame.language) })));
  fill("last", answer.calls.length ? make("div", { class: "tall" }, table(columns, answer.calls, { caption: say("last_calls") })) : make("p", { class: "soft" }, say("no_calls")),
    make("p", { class: "note" }, say("calls_note")));
}

at("last").closest("section").hidden = true;
if (await part("servers", () => get("/api/servers", { lang: frame.language }), all)) at("last").closest("section").hidden = false;
