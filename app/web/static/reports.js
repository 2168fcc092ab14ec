// The kept reports, the latest first: open one, compare two, take a file.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, keep, number, say, stated } from "./core/frame.js";

const FILES = [["report.pdf", "PDF"], ["report.xlsx", "XLSX"], ["report.html", "HTML"]];
const TWO = 2;
let rows = [], chosen = [], last = null;

const opened = (row) => `/reports/${row.run}?universe=${row.universes[0]}`;
const cell = (key, ...inner) => make("td", { "data-label": say(`reports_${key}`), class: key === "gaps" ? "number" : key }, inner);

function tick(row) {
  const named = [row.universe_names.join(" + "), (row.as_of ?? []).map(day).join(", "), row.run].join(", ");
  return make("input", { type: "checkbox", "aria-label": say("reports_pick", { report: named }), checked: chosen.includes(row.run),
    onchange: (event) => pick(row.run, event.target.checked) });
}

function line(row) {
  const files = FILES.map(([name, text]) => make("a", { class: "note", href: `/api/reports/${row.run}/files/${name}?lang=${frame.language}`, download: "" }, text));
  return make("tr", {}, make("td", {}, tick(row)),
    make("th", { scope: "row" }, make("a", { href: opened(row) }, `${row.universe_names.join(" + ")} · ${row.as_of.map(day).join(", ") || "–"}`),
      row.synthetic ? make("span", { class: "chip" }, say("reports_synthetic")) : null,
      make("div", { class: "files" }, files)),
    cell("question", row.question || say("reports_whole"), row.stated ? ` (${row.stated})` : "", " ", make("span", { class: "chip" }, say(`span.${row.horizon}`))),
    cell("top", row.top_overweights.join(", ") || "–"),
    cell("gaps", number(row.gaps_count, 0)), cell("language", row.language), cell("model", row.model ?? "–"),
    cell("asked", `${day(row.started_at)} ${row.started_at.slice(11, 16)}`));
}

function head() {
  const keys = ["question", "top", "gaps", "language", "model", "asked"];
  return make("thead", {}, make("tr", {}, make("td", {}), make("th", { scope: "col" }, say("reports_report")),
    keys.map((key) => make("th", { scope: "col", class: key === "gaps" ? "number" : "" }, say(`reports_${key}`)))));
}

function draw() {
  if (!rows.length) return fill("listed", make("p", { class: "note" }, say("reports_none")), make("p", {}, make("a", { href: `/allocation?universe=${frame.universe}` }, say("reports_first"))));
  return fill("listed", make("div", { class: "card scroll", tabindex: "0", role: "region", "aria-label": say("page_reports") },
    make("table", { class: "of-reports" }, head(), make("tbody", {}, rows.map(line)))));
}

function pick(run, on) {
  chosen = on ? [...chosen, run].slice(-TWO) : chosen.filter((one) => one !== run);
  at("compare").disabled = chosen.length !== TWO;
  at("chosen").textContent = chosen.length ? say("reports_chosen", { n: chosen.length }) : say("reports_choose");
  for (const box of document.querySelectorAll(".of-reports tbody tr")) {
    const place = [...box.parentNode.children].indexOf(box);
    box.querySelector("input").checked = chosen.includes(rows[place].run);
  }
}

function compare() {
  const date = (run) => rows.find((row) => row.run === run)?.as_of?.[0] ?? "";
  const [a, b] = [...chosen].sort((one, other) => (date(one) + one).localeCompare(date(other) + other));
  location.href = `/compare?universe=${frame.universe}&a=${a}&b=${b}`;
}

async function load(before = null) {
  const every = stated("every") === "1", plain = stated("plain") === "1";
  [at("every").checked, at("plain").checked] = [every, plain];
  try {
    const found = await get("/api/reports", { universe: every ? null : frame.universe, plain, before, lang: frame.language });
    last = found.rows.at(-1)?.run ?? null;
    const reports = found.rows.filter((row) => row.intent !== "off_topic");  // a refusal is no report
    rows = before ? [...rows, ...reports] : reports;
    at("more").hidden = !found.more;
    draw();
    at("damaged").append(...found.damaged.map((text) => make("p", { class: "gap" }, text)));
  } catch (error) {
    fill("listed", make("p", { class: "gap" }, error.message));
  }
}

for (const name of ["every", "plain"]) {
  at(name).addEventListener("change", (event) => {
    keep({ [name]: event.target.checked ? "1" : null });
    fill("damaged");
    load();
  });
}
at("more").addEventListener("click", () => load(last));
at("compare").addEventListener("click", compare);
load();
