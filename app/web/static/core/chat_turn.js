// One question of a thread and what is told of it, from the request to the verified answer.
import { fill, make } from "./dom.js";
import { say } from "./frame.js";
import * as rest from "./chat_rest.js";
import { understood } from "./chat_request.js";
import { callsCount, plan } from "./chat_plan.js";
import { steps } from "./chat_steps.js";
import { answer, differences } from "./chat_answer.js";
import * as outcome from "./chat_outcome.js";

const TRIES = 5, PAUSE_MS = 2000;
const ENDED = new Set(["finished", "failed", "stopped", "cancelled"]);

// `hands`: said(text) for screen readers, refused(error), edited(text), retried(text), changed(),
// gone(view) where its thread was deleted meanwhile,
// asked(button) where the user's word is waited for, and grew(view) after every event.
export function turnView(turn, hands) {
  const body = make("div", {});
  const node = make("article", { class: "turn", "aria-label": `${say("chat_asked")}: ${turn.text}` },
    make("p", { class: "question" }, turn.text), body);
  const view = { node, run: turn.run, state: turn.state, shown: false, show, close, stood };
  let source = null, tries = 0, furthest = 0, parts = null, wait = null;

  function close() {
    source?.close();
    clearTimeout(wait);
  }

  function show() {
    close();
    view.shown = true;
    const live = !ENDED.has(view.state);
    parts = { request: make("div"), plan: make("div"), steps: steps(), answer: answer(live), difference: make("div"), end: make("div") };
    fill(body, parts.request, parts.plan, parts.steps.node, parts.difference, parts.answer.nodes, parts.end);
    source = rest.followed(turn.run, hear, lost);
  }

  function fold() {
    fill(body, make("button", { type: "button", class: "quiet", onclick: show }, say("chat_show")));
  }

  // How the turn stands; null where its thread was deleted.
  async function stands(otherwise) {
    try { return (await rest.turn(turn.run)).state; } catch (error) {
      if (error.status !== 404) return otherwise;
      hands.gone(view);
      return null;
    }
  }

  // An ended turn may have been taken up elsewhere; one under way tells by itself.
  function stood(state) {
    if (!ENDED.has(view.state) || state === view.state) return;
    view.state = state;
    hands.changed();
    if (view.shown) show();
  }

  async function again() {
    const state = await stands(view.state);
    if (state === null) return;
    view.state = state;
    hands.changed();
    show();
  }

  async function lost() {
    if (await stands(view.state) === null) return;
    if (++tries > TRIES) return hands.refused(new Error(say("chat_failed")));
    hands.said(say("chat_lost"));
    wait = setTimeout(show, PAUSE_MS);
  }

  const into = (state, words) => {
    const before = view.state;
    view.state = state;
    if (before !== state) hands.changed();
    if (words && !ENDED.has(before)) hands.said(words);
  };
  const attempt = (action) => async () => {
    try { await action(); } catch (error) {
      if (error.status === 409 || error.status === 404) return again();  // another page was quicker
      hands.refused(error);
      throw error;
    }
  };
  const stop = attempt(() => rest.stopped(turn.run));
  const resume = attempt(async () => { await rest.resumed(turn.run); view.state = "running"; hands.changed(); show(); });
  const retry = () => hands.retried(turn.text);

  function planned(event) {
    parts.steps.planned(event.approval);
    parts.approval = event.approval;
    fill(parts.plan, plan(event.approval, event.waiting && !ENDED.has(view.state), {
      decided: (verdict, without) => attempt(() => rest.agreed(turn.run, verdict, without))(),
      edited: () => hands.edited(turn.text),
    }));
    if (!event.waiting || ENDED.has(view.state)) return;
    into("waiting", say("chat_plan_ready", { count: callsCount(event.approval) }));
    fill(parts.end);
    parts.steps.node.hidden = true;
    hands.asked(parts.plan.querySelector(".primary"));
  }

  function stepped(event) {
    if (parts.approval && view.state === "waiting" && event.node !== "approval") {
      fill(parts.plan, plan(parts.approval, false, {}));
      into("running");
    }
    if (!ENDED.has(view.state)) {
      into("running");
      if (!parts.end.hasChildNodes()) fill(parts.end, outcome.running(stop));
    }
    parts.steps.told(event);
  }

  async function halted() {
    const state = await stands("stopped");
    if (state === null) return;
    parts.steps.halted();
    if (parts.approval) fill(parts.plan, plan(parts.approval, false, {}));
    const cancelled = state === "cancelled";
    fill(parts.end, cancelled ? outcome.cancelled(retry) : outcome.stopped(resume));
    into(cancelled ? "cancelled" : "stopped", say(cancelled ? "chat_cancelled" : "chat_stopped"));
  }

  const heard = {
    understood(event) {
      parts.refused = event.request.intent === "off_topic";
      fill(parts.request, understood(event.request, event.stated));
    },
    plan: planned,
    step: stepped,
    sentence: (event) => parts.answer.told(event),
    finished(event) {
      parts.steps.finished(event.seconds);
      if (event.differences.length) fill(parts.difference, differences(event.differences, event.base));
      fill(parts.end, outcome.finished(event, parts.steps.gaps(), parts.refused));
      into("finished", parts.refused ? "" : say("chat_verified"));
    },
    failed(event) {
      parts.steps.halted();
      fill(parts.end, outcome.failed(event.error, resume, retry));
      into("failed", event.error);
    },
    stopped: halted,
  };

  // What is told again from the start is no progress.
  function hear(event, number) {
    if (number > furthest) [furthest, tries] = [number, 0];
    heard[event.event]?.(event);
    hands.grew(view);
  }

  fold();
  return view;
}

// A plan that waits makes way for another question; what runs does not.
export const isRunning = (view) => view.state === "running";
export const isUnderWay = (view) => !ENDED.has(view.state);
