// Limits and holdings as drafts: what they mean, what would follow, and how they are kept.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, keep, say, stated } from "./core/frame.js";
import { differences } from "./compare_view.js";
import { stepWords, tried as asked } from "./allocation_run.js";
import { limitsForm } from "./allocation_limits.js";
import { heldForm } from "./allocation_held.js";

const TABS = ["limits", "held"];
let untried = [];

function shown(name) {
  for (const tab of TABS) {
    at(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    at(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
    at(tab).hidden = tab !== name;
  }
  keep({ tab: name === "limits" ? null : name });
}

function tabs() {
  for (const [place, name] of TABS.entries()) {
    at(`tab-${name}`).addEventListener("click", () => shown(name));
    at(`tab-${name}`).addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const next = TABS[(place + 1) % TABS.length];
      shown(next);
      at(`tab-${next}`).focus();
    });
  }
  shown(TABS.includes(stated("tab")) ? stated("tab") : "limits");
}

const tell = (kind, text) => fill("tried", make("p", { class: kind }, text));

// Limits are told apart by the draft's own evidence without them; holdings beside the report shown.
async function outcome(view, run, limited) {
  const path = `/allocation?universe=${frame.universe}&run=${run}${frame.as_of ? `&as_of=${frame.as_of}` : ""}`;
  const links = make("p", { class: "row" }, make("a", { href: path }, say("allocation_tried_open")),
    make("a", { href: `/reports/${run}?universe=${frame.universe}` }, say("allocation_open")));
  if (!limited && !view?.row) return fill("tried", links);
  const found = await get("/api/comparison", { a: limited ? null : view.row.run, b: run, lang: frame.language });
  const one = found.universes?.find((item) => item.universe === frame.universe);
  const beside = one && say(limited ? "allocation_beside_itself" : "allocation_beside_report", { before: day(one.before_as_of), after: day(one.after_as_of) });
  return fill("tried", make("h3", {}, say("allocation_difference")),
    untried.length ? make("p", { class: "gap" }, say("allocation_only_file", { limits: untried.join(", ") })) : null,
    one ? [make("p", { class: "note" }, beside), differences(one)] : null, links,
    view?.row ? make("p", { class: "note" }, make("a", { href: `/compare?universe=${frame.universe}&a=${view.row.run}&b=${run}` }, say("allocation_compare"))) : null);
}

async function question(limits, held) {
  const checked = limits.changed() ? await limits.checked() : null;
  if (checked && !checked.possible) return null;
  untried = checked?.untried ?? [];
  const body = {};
  if (checked?.patch) body.mandate = checked.patch;
  if (held.changed()) body.holdings = held.holdings();
  if (body.mandate || body.holdings) return body;
  tell("gap", untried.length ? say("allocation_only_file", { limits: untried.join(", ") }) : say("allocation_nothing_to_try"));
  return null;
}

async function tried(limits, held, view) {
  const halt = new AbortController();
  at("try").disabled = true;
  try {
    const body = await question(limits, held);
    if (!body) return;
    at("try-stop").hidden = false;
    at("try-stop").onclick = () => halt.abort();
    const done = await asked(view()?.row?.horizon, body, (event) => tell("busy", stepWords(event)), halt.signal);
    if (done) await outcome(view(), done.run, Boolean(body.mandate));
    else tell("note", say("allocation_stopped"));
  } catch (error) {
    tell("gap", error.message);
  } finally {
    at("try").disabled = false;
    at("try-stop").hidden = true;
  }
}

export async function editor(view) {
  tabs();
  const [limits, held] = await Promise.all([limitsForm(at("limits")), heldForm(at("held"))]);
  at("try").addEventListener("click", () => tried(limits, held, view));
}
