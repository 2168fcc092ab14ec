// The chat beside every page: a thread of questions about the market and date the page shows.
// Other pages put a question into its box: document.dispatchEvent(new CustomEvent("ask", { detail: text })).
import { at, fill, make } from "./dom.js";
import { frame, keep, say, stated } from "./frame.js";
import * as rest from "./chat_rest.js";
import { drawer, place } from "./chat_drawer.js";
import { threadList } from "./chat_threads.js";
import { isRunning, isUnderWay, turnView } from "./chat_turn.js";

const KEY = `thread ${frame.universe} ${frame.as_of ?? ""}`;
const AT_ONCE = "chat at once";
const log = at("chat-log"), box = at("chat-text"), atOnce = at("chat-at-once"), refusal = at("chat-refused");
let thread = null, views = [], listed = false, moved = false, reading = null, asking = false;

const hands = {
  said: (words) => { at("chat-said").textContent = words; },
  refused: (error) => { refusal.textContent = error.message; refusal.hidden = false; },
  edited: put,
  retried: (text) => { put(text); ask(); },
  changed: () => { at("chat-send").disabled = asking || views.some(isRunning); },
  open: (id) => { list(false); return restored(id); },
  asked: (button) => { if (document.activeElement === box && !box.value) button.focus({ preventScroll: true }); },
  grew: (view) => { if (!moved && view === views.at(-1)) log.scrollTop = view.node.offsetTop - 8; },
  gone: (view) => { if (views.includes(view)) gone(); },
  deleted: (id) => { if (thread?.thread === id) cleared(); list(true); },
};

function list(open) {
  listed = open;
  return threadList(open, hands);
}

function put(text) {
  place(true);
  box.value = text;
  grown();
  box.focus();
}

function grown() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
}

function remember(id) {
  keep({ thread: id });
  if (id) localStorage.setItem(KEY, id);
  else localStorage.removeItem(KEY);
}

function examples() {
  const family = frame.universe.startsWith("vn") ? "vn" : frame.universe === "us" ? "us" : "any";
  const words = [1, 2, 3].map((place) => say(`chat_example_${family}_${place}`));
  fill(log, make("div", { class: "welcome" }, make("p", {}, say("chat_welcome")), make("h3", {}, say("chat_try")),
    make("ul", {}, words.map((text) => make("li", {},
      make("button", { type: "button", class: "example", onclick: () => { put(text); ask(); } }, text))))));
}

function cleared() {
  views.forEach((view) => view.close());
  [thread, views] = [null, []];
  at("chat-title").textContent = say("chat");
  remember(null);
  examples();
  hands.changed();
}

function gone() {
  cleared();
  hands.refused(new Error(say("chat_gone")));
  if (listed) list(true);
}

function add(turn) {
  const there = views.find((view) => view.run === turn.run);
  if (there) return there;
  if (!views.length) fill(log);
  const view = turnView(turn, hands);
  views.push(view);
  log.append(view.node);
  return view;
}

function entitled() {
  at("chat-title").textContent = thread.title || say("chat");
}

async function restored(id) {
  try {
    const found = await rest.thread(id);
    if (found.universe !== frame.universe || (found.as_of ?? null) !== frame.as_of) return false;
    views.forEach((view) => view.close());
    [thread, views] = [found, []];
    fill(log);
    remember(id);
    entitled();
    if (!found.turns.length) examples();
    found.turns.forEach(add);
    views.filter((view, place) => isUnderWay(view) || place === views.length - 1).forEach((view) => view.show());
    hands.changed();
    return true;
  } catch (error) {
    if (error.status !== 404) hands.refused(error);
    return false;
  }
}

// Another page may have asked in the thread, or deleted it: tells whether it is still there.
async function read() {
  const id = thread.thread;
  try {
    const found = await rest.thread(id);
    if (thread?.thread !== id) return true;
    const known = new Map(views.map((view) => [view.run, view]));
    for (const turn of found.turns) {
      if (known.has(turn.run)) known.get(turn.run).stood(turn.state);
      else add(turn).show();
    }
    thread = found;
    entitled();
    hands.changed();
  } catch (error) {
    if (error.status === 404 && thread?.thread === id) gone();
  }
  return thread?.thread === id;
}

async function refreshed() {
  if (!thread) return true;
  reading ??= read().finally(() => { reading = null; });
  return reading;
}

async function ask() {
  const text = box.value.trim();
  refusal.hidden = true;
  if (!text || asking) return;
  if (views.some(isRunning)) return hands.refused(new Error(say("chat_busy")));
  asking = true;
  hands.changed();
  try {
    if (!await refreshed()) return;
    if (views.some(isRunning)) throw new Error(say("chat_busy"));
    thread ??= await rest.opened(frame.universe, frame.as_of);
    const turn = await rest.asked(thread.thread, { text, approve: !atOnce.checked });
    remember(thread.thread);
    if (!thread.title) thread = { ...thread, title: text };
    entitled();
    box.value = "";
    grown();
    const view = add(turn);
    view.show();
    moved = false;
    if (listed) list(true);
  } catch (error) {
    if (error.status === 404) gone();
    else if (error.status === 409 && await refreshed()) hands.refused(new Error(say("chat_busy")));
    else hands.refused(error);
  } finally {
    asking = false;
    hands.changed();
  }
}

// A new answer grows below its question until the reader scrolls for themselves.
const scrolls = (event) => !event.key ? event.type !== "pointerdown" || event.target === log : /^(Arrow|Page|Home|End)/.test(event.key);
for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  log.addEventListener(name, (event) => { moved ||= scrolls(event); }, { passive: true });
}
at("chat-ask").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask();
});
box.addEventListener("input", grown);
at("chat-new").addEventListener("click", () => { list(false); cleared(); box.focus(); });
at("chat-threads").addEventListener("click", () => list(!listed));
atOnce.checked = localStorage.getItem(AT_ONCE) === "yes";
atOnce.addEventListener("change", () => localStorage.setItem(AT_ONCE, atOnce.checked ? "yes" : "no"));
window.addEventListener("focus", refreshed);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshed(); });
document.addEventListener("ask", (event) => put(String(event.detail)));

drawer();
examples();
const named = stated("thread");
for (const id of [named, localStorage.getItem(KEY)]) {
  if (id && await restored(id)) break;
}
if (!thread) keep({ thread: null });
if (named && thread?.thread !== named && refusal.hidden) hands.refused(new Error(say("chat_elsewhere")));
