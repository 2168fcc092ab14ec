// One kept report: its parts with the source of every number, and its files.
import { get } from "./core/api.js";
import { figures, inside, part } from "./core/blocks.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, say, stated } from "./core/frame.js";
import { originsOf } from "./core/origin.js";

const run = frame.parameters.run;
const path = `/api/reports/${run}`;
const NAMES = { "report.pdf": "PDF", "report.html": "HTML", "report.xlsx": "XLSX", "report.md": "Markdown", "report.json": "JSON" };

const fileName = (name) => NAMES[name] ?? say(`report_file_${name.replaceAll(".", "_")}`);

function files(view) {
  const href = (name, extra = "") => `${path}/files/${name}?lang=${frame.language}${extra}`;
  return make("div", { class: "files", role: "group", "aria-label": say("report_files") },
    make("a", { href: href("report.html", "&inline=true"), target: "_blank", rel: "noopener" }, say("report_paper")),
    view.files.map((name) => make("a", { href: href(name), download: "" }, fileName(name))));
}

function head(view) {
  const row = view.row;
  fill("title", view.title);
  const made = [say("report_asked_on", { day: day(row.asked_on) }), row.mandates.join(", "), row.model ?? say("report_no_model"),
    say("report_gaps", { n: row.gaps_count ?? 0 })];
  fill("head",
    view.question ? make("p", { class: "question" }, `“${view.question}”`) : null,
    make("p", { class: "soft" }, view.understood),
    row.stated ? make("p", {}, row.stated) : null,
    make("p", { class: "note" }, made.filter(Boolean).join(" · ")),
    view.retold ? make("p", { class: "note" }, say("report_retold")) : null,
    make("div", { class: "row" }, files(view),
      make("a", { href: `/compare?universe=${row.universes[0]}&b=${run}` }, say("report_compare")),
      make("a", { href: `/allocation?universe=${row.universes[0]}&run=${run}` }, say("report_allocation"))));
}

function market(one, several, origins) {
  const tag = several ? "h3" : "h2", about = several ? one.title : "";
  return make("section", {},
    several ? make("h2", {}, one.title) : null,
    one.synthetic ? make("p", { class: "gap" }, one.synthetic) : null,
    figures(one.strip, origins, "strip"),
    make("div", { class: "front" }, (one.front ?? []).map((block) => part(block, origins, tag, about))),
    make("h2", {}, say("report_details")),
    (one.details ?? []).map((block) => make("details", { class: "card fold", name: null }, make("summary", {}, block.title),
      inside({ ...block, title: [about, block.title].filter(Boolean).join(": ") }, origins))));
}

function body(view) {
  const origins = originsOf(view.origins), several = view.universes.length > 1;
  fill("body", view.universes.map((one) => market(one, several, origins)),
    make("details", { class: "card fold" }, make("summary", {}, view.provenance.title), inside(view.provenance, origins)),
    make("p", { class: "note" }, view.disclaimer));
}

async function load() {
  try {
    const view = await get(path, { lang: stated("lang") ?? frame.language });
    head(view);
    body(view);
  } catch (error) {
    fill("body", make("p", { class: "gap" }, error.message));
  }
}

load();
