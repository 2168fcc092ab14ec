// The list of threads: open one, or delete one after asking once more.
import { at, fill, make } from "./dom.js";
import { frame, say } from "./frame.js";
import * as rest from "./chat_rest.js";
import { marketName } from "./chat_request.js";

const here = (row) => row.universe === frame.universe && (row.as_of ?? null) === frame.as_of;

const written = new Intl.DateTimeFormat(frame.language === "vi" ? "vi-VN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });

function elsewhere(row) {
  const url = new URL("/", location.origin);
  for (const [name, value] of [["universe", row.universe], ["as_of", row.as_of], ["thread", row.thread]]) {
    if (value) url.searchParams.set(name, value);
  }
  return url.href;
}

function title(row, open) {
  return here(row)
    ? make("button", { type: "button", class: "title", onclick: () => open(row.thread) }, row.title)
    : make("a", { class: "title", href: elsewhere(row) }, row.title);
}

function item(row, { open, deleted, refused }) {
  const node = make("li", {});
  const ask = make("button", { type: "button", class: "quiet", "aria-label": say("chat_delete_named", { title: row.title }) }, say("chat_delete"));
  const about = [marketName(row.universe), row.as_of, written.format(new Date(row.changed_at)), say("chat_turns", { count: row.turns_count })];
  const usual = () => fill(node, title(row, open), make("span", { class: "note" }, about.filter(Boolean).join(" · ")), ask);
  const remove = async () => {
    try { await rest.forgotten(row.thread); deleted(row.thread); } catch (error) { refused(error); }
  };
  ask.addEventListener("click", () => {
    const keep = make("button", { type: "button", onclick: () => { usual(); ask.focus(); } }, say("chat_delete_keep"));
    fill(node, make("p", {}, say("chat_delete_sure")), make("div", { class: "row" },
      make("button", { type: "button", class: "danger", onclick: remove }, say("chat_delete")), keep));
    keep.focus();
  });
  usual();
  return node;
}

// Shows or hides the list; `hands`: open(id), deleted(id), refused(error).
export async function threadList(open, hands) {
  const list = at("chat-list");
  list.hidden = !open;
  at("chat-threads").setAttribute("aria-expanded", String(open));
  if (!open) return;
  try {
    const rows = (await rest.listed()).filter((row) => row.turns_count);
    fill(list, rows.length ? make("ul", {}, rows.map((row) => item(row, hands))) : make("p", { class: "soft" }, say("chat_no_threads")));
  } catch (error) { hands.refused(error); }
}
