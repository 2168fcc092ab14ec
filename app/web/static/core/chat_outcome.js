// How a turn ended, in words, and what can be done then.
import { make } from "./dom.js";
import { frame, number, say } from "./frame.js";

const FORMS = ["pdf", "html", "xlsx", "md", "json"];

const button = (key, done) => make("button", { type: "button", onclick: done }, say(key));
const halted = (words, ...buttons) => make("div", { class: "outcome" }, make("p", {}, words), make("div", { class: "row" }, buttons));

export const running = (stop) => make("div", { class: "outcome row" }, button("chat_stop", stop));
export const stopped = (resume) => halted(say("chat_stopped"), button("chat_resume", resume));
export const cancelled = (retry) => halted(say("chat_cancelled"), button("chat_retry", retry));
export const failed = (error, resume, retry) => make("div", { class: "outcome" },
  make("p", { class: "gap", role: "alert" }, `${say("chat_failed")} ${error}`),
  make("div", { class: "row" }, button("chat_resume", resume), button("chat_retry", retry)));

function files(run) {
  const links = FORMS.map((form) => make("a", { href: `/api/reports/${run}/files/${form}?lang=${frame.language}`, download: true }, form.toUpperCase()));
  return make("span", { class: "files" }, `${say("chat_download")}: `, links.flatMap((link) => [link, " "]));
}

// `gaps` are the calls that brought nothing, by name; `refused`: off topic, so without numbers and files.
export function finished(event, gaps, refused) {
  if (refused) return make("div", { class: "outcome" });
  const counts = say("chat_counts", {
    evidence: number(event.evidence_count, 0), reused: number(event.reused_count, 0),
    gaps: number(event.gaps_count, 0), seconds: number(event.seconds, 1),
  });
  return make("div", { class: "outcome" },
    gaps.length ? make("p", { class: "note" }, say("chat_missing", { names: gaps.join(", ") })) : null,
    event.synthetic ? make("p", { class: "gap" }, say("chat_synthetic")) : null,
    make("p", {}, make("span", { class: "verified" }, `✓ ${say("chat_verified")}`), " ", make("span", { class: "note" }, counts)),
    make("div", { class: "row" }, make("a", { href: `/reports/${event.run}?universe=${frame.universe}` }, say("chat_report")), files(event.run)));
}
