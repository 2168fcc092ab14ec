// A plan before it is carried out: its calls, what they take of whom, and the user's word on it.
import { make } from "./dom.js";
import { frame, number, say } from "./frame.js";
import { marketName, sectorName } from "./chat_request.js";

// Names a planned call by its tool and what it is about.
export function callName(call) {
  const about = call.sector ? sectorName(call.universe, call.sector) : call.symbols.slice(0, 4).join(", ") || marketName(call.universe);
  return `${say(`tool.${call.tool}`)} · ${about}`;
}

// Why a call is made: in the model's words, or in ours for what the rules plan.
function why(call, author) {
  if (author === "model") return call.reason;
  const beside = call.scored ? undefined : frame.words[`reason_${call.tool}_beside`];
  return beside ?? frame.words[`reason_${call.tool}`] ?? "";
}

// What is worth saying of a call: that it costs none, that nobody serves it, why it is made.
function remark(call, author) {
  const reason = why(call, author);
  const whence = call.known ? say("chat_known") : call.server ? "" : say("chat_unserved");
  return [whence, reason].filter(Boolean).join(" · ");
}

function chosen(call, author, waiting) {
  const box = waiting ? make("input", { type: "checkbox", value: call.step, checked: true }) : null;
  const said = make("span", {}, callName(call), make("span", { class: "note" }, ` ${remark(call, author)}`));
  return make("li", {}, box ? make("label", {}, box, said) : said);
}

function servers(approval) {
  const rows = approval.servers.map((row) => make("tr", {},
    make("th", { scope: "row" }, row.server),
    make("td", { class: "number" }, callsMost(row.calls, row.later_most)),
    make("td", { class: "number" }, row.left === null ? say("chat_unlimited") : number(row.left, 0))));
  return make("table", {},
    make("thead", {}, make("tr", {}, ["chat_server", "chat_calls", "chat_left"].map((key, place) =>
      make("th", { scope: "col", class: place ? "number" : null }, say(key))))),
    make("tbody", {}, rows));
}

const dollars = (value) => number(value, 4, { style: "currency", currency: "USD" });

function cost(approval) {
  if (!approval.model) return say("chat_no_model");
  const tokens = say("chat_model", {
    model: approval.model, used: number(approval.tokens_used, 0), most: number(approval.tokens_most, 0),
  });
  const most = approval.money_most;
  return `${tokens} ${most === null ? say("chat_money_unknown") : say("chat_money", { money: dollars(most) })}`;
}

// What the run may still spend, what its plan takes of it included.
function budget({ left = {} }) {
  const bounded = (value, shown) => value === null || value === undefined ? say("chat_unlimited") : shown(value);
  const whole = (value) => number(value, 0);
  return say("chat_budget", {
    calls: bounded(left.calls_count, whole), tokens: bounded(left.tokens_count, whole),
    money: bounded(left.usd, dollars),
  });
}

const callsMost = (calls, later) => later
  ? say("chat_calls_most", { count: number(calls, 0), more: number(later, 0) })
  : number(calls, 0);

// How many calls the plan makes, and how many more a second round may.
export const callsCount = (approval) =>
  callsMost(approval.servers.reduce((sum, row) => sum + row.calls, 0), approval.later_most);

// Shows the plan; where it waits, `decided(verdict, without)` hears the user's word, and `edited`
// that the question is to be put another way.
export function plan(approval, waiting, { decided, edited }) {
  const scored = approval.steps.filter((call) => call.scored);
  const beside = approval.steps.filter((call) => !call.scored);
  const made = make(waiting ? "section" : "details", { class: "plan", "aria-label": say("chat_plan") });
  const heading = `${say("chat_plan")} · ${say("chat_plan_by", { author: say(`author.${approval.author}`) })} · ${say("chat_calls")}: ${callsCount(approval)}`;
  made.append(waiting ? make("h3", {}, heading) : make("summary", {}, heading));
  if (approval.later_most) made.append(make("p", { class: "soft" }, say("chat_later", { count: number(approval.later_most, 0) })));
  if (approval.notice) made.append(make("p", { class: "gap" }, approval.notice));
  made.append(make("details", {},
    make("summary", {}, say("chat_fixed", { count: number(scored.length, 0) })),
    make("ul", {}, scored.map((call) => chosen(call, approval.author, false)))));
  if (beside.length) made.append(make("p", { class: "soft" }, say("chat_beside")), make("ul", { class: "choices" }, beside.map((call) => chosen(call, approval.author, waiting))));
  if (approval.servers.length) made.append(servers(approval));
  made.append(make("p", { class: "note" }, cost(approval)));
  made.append(make("p", { class: "note" }, budget(approval)));
  if (waiting) made.append(word(made, decided, edited));
  return made;
}

function word(made, decided, edited) {
  const left = () => [...made.querySelectorAll(".choices input:not(:checked)")].map((box) => box.value);
  const said = (verdict) => () => {
    for (const control of made.querySelectorAll("button, input")) control.disabled = true;
    decided(verdict, verdict === "run" ? left() : []).catch(() => {
      for (const control of made.querySelectorAll("button, input")) control.disabled = false;
    });
  };
  return make("div", { class: "row word" },
    make("button", { type: "button", class: "primary", onclick: said("run") }, say("chat_run")),
    make("button", { type: "button", onclick: () => { said("cancel")(); edited(); } }, say("chat_edit")),
    make("button", { type: "button", onclick: said("cancel") }, say("chat_cancel")));
}
