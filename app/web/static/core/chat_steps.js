// The steps of a run as they happen, a group a node, with how long each took.
import { fill, make } from "./dom.js";
import { number, say } from "./frame.js";
import { callName } from "./chat_plan.js";

const SILENT = new Set(["join", "approval"]);
const MARKS = { started: ["…", "chat_going"], finished: ["✓", "chat_ok"], gap: ["!", "chat_gap"] };
const seconds = (value) => number(value, 1);

function stepName(step, calls) {
  if (!step.call) return say(`node_${step.node}`);
  const call = calls.get(step.call) ?? step.about;
  return call ? callName(call) : say(`node_${step.node}`);
}

function line(step, calls) {
  const [mark, word] = MARKS[step.state];
  const took = step.ended === null ? null : make("span", { class: "took" }, say("chat_seconds", { seconds: seconds(step.ended - step.began) }));
  return make("li", { class: step.state }, make("span", { class: "mark", role: "img", "aria-label": say(word) }, mark), " ", stepName(step, calls), took);
}

function group(node, steps, calls) {
  const own = steps.filter((step) => step.call);
  if (!own.length) return line(steps[0], calls);
  const last = Math.max(...own.map((step) => step.ended ?? step.began));
  const first = Math.min(...own.map((step) => step.began));
  return make("li", {}, make("span", { class: "node" }, say(`node_${node}`)),
    make("span", { class: "took" }, say("chat_seconds", { seconds: seconds(last - first) })),
    make("ul", {}, own.map((step) => line(step, calls))));
}

// Keeps what is told of the steps; `told` takes an event, `ended` a word on how the run ended.
export function steps() {
  const summary = make("summary", {}, "");
  const list = make("ul", {});
  const node = make("details", { class: "steps", hidden: true }, summary, list);
  const known = new Map();
  let calls = new Map(), latest = 0;
  const draw = () => {
    const groups = new Map();
    for (const step of known.values()) groups.set(step.node, [...(groups.get(step.node) ?? []), step]);
    fill(list, [...groups].map(([name, own]) => group(name, own, calls)));
    node.hidden = !known.size;
  };
  return {
    node,
    planned(approval) { calls = new Map(approval.steps.map((call) => [call.step, call])); },
    told(event) {
      latest = Math.max(latest, event.seconds);
      if (SILENT.has(event.node)) return;
      const key = `${event.node} ${event.call ?? ""}`;
      const step = known.get(key) ?? { node: event.node, call: event.call, about: event.about, began: event.seconds };
      known.set(key, { ...step, state: event.state, ended: event.state === "started" ? null : event.seconds });
      summary.textContent = say("chat_steps_running", { node: say(`node_${event.node}`), seconds: seconds(latest) });
      draw();
    },
    finished(total) {
      const count = [...known.values()].length;
      summary.textContent = say("chat_steps_done", { count: number(count, 0), seconds: seconds(total) });
    },
    gaps: () => [...known.values()].filter((step) => step.state === "gap").map((step) => stepName(step, calls)),
    halted() { summary.textContent = say("chat_steps_halted", { seconds: seconds(latest) }); },
  };
}
