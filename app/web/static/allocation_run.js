// Asks for a report in a thread of its own, tells each step, and ends with the finished event.
import { follow, send } from "./core/api.js";
import { frame, place, say } from "./core/frame.js";

const HORIZON = "1M";
const KEY = `desk ${frame.universe} ${frame.as_of ?? ""}`;

// What is being done, in words.
export function stepWords(told) {
  if (told.event === "step") return say("allocation_step", { name: say(`node_${told.node}`), seconds: Math.round(told.seconds) });
  return told.event === "failed" ? told.error : say("allocation_working");
}

function ended(path, heard, signal) {
  return new Promise((finish, refuse) => {
    follow(`${path}/events`, (told) => {
      heard(told);
      if (told.event === "finished") finish(told);
      if (told.event === "stopped") finish(null);
      if (told.event === "failed") refuse(new Error(told.error));
    }, undefined, () => refuse(new Error(say("allocation_lost"))));
    const stop = () => send("DELETE", path).catch(refuse);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

async function opened() {
  const { thread } = await send("POST", "/api/threads", { universe: frame.universe, as_of: frame.as_of });
  sessionStorage.setItem(KEY, thread);
  return thread;
}

const words = (horizon) => say(`allocation_ask_${horizon || HORIZON}`);

// Returns the finished event, null when it was stopped. A report is asked for anew.
export async function reported(horizon, heard, signal) {
  const turn = await send("POST", `/api/threads/${await opened()}/turns`, { text: words(horizon), approve: false });
  return ended(`/api/runs/${turn.run}`, heard, signal);
}

async function asked(draft, thread) {
  return send("POST", place("drafts"), { ...draft, thread });
}

// The same of a draft, in the thread of this page, whose answers serve again.
export async function tried(horizon, draft, heard, signal) {
  const worded = { text: words(horizon), ...draft }, known = sessionStorage.getItem(KEY);
  let turn = null;
  try {
    turn = await asked(worded, known ?? await opened());
  } catch (error) {
    if (!known || ![404, 409].includes(error.status)) throw error;
    turn = await asked(worded, await opened());
  }
  return ended(`/api/runs/${turn.run}`, heard, signal);
}
