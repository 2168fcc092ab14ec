// Two kept reports, chosen or linked to, side by side.
import { get } from "./core/api.js";
import { at, fill, make } from "./core/dom.js";
import { day, frame, keep, say, stated } from "./core/frame.js";
import { sideBySide } from "./compare_view.js";

const LISTED = 200;

const label = (row) => [row.as_of?.length ? row.as_of.map(day).join(", ") : day(row.asked_on), row.universe_names.join(" + "), say(`span.${row.horizon}`),
  row.question ? `“${row.question.slice(0, 60)}”` : null, row.run.slice(-6)].filter(Boolean).join(" · ");

function choose(rows, name, chosen) {
  const known = rows.some((row) => row.run === chosen);
  fill(name, make("option", { value: "" }, "–"),
    chosen && !known ? make("option", { value: chosen, selected: true }, chosen) : null,
    rows.map((row) => make("option", { value: row.run, selected: row.run === chosen }, label(row))));
  at(name).addEventListener("change", (event) => { keep({ [name]: event.target.value }); compare(); });
}

async function compare() {
  const [a, b] = [stated("a"), stated("b")];
  if (!a || !b) return fill("compared", make("p", { class: "note" }, say("compare_choose")));
  fill("compared", make("p", { class: "busy" }, say("loading")));
  try {
    const found = await get("/api/comparison", { a, b, lang: frame.language });
    const link = (row, text) => make("a", { href: `/reports/${row.run}?universe=${row.universes[0]}` }, `${text}: ${label(row)}`);
    fill("compared", make("p", { class: "row" }, link(found.before, say("compare_before")), link(found.after, say("compare_after"))),
      found.universes?.length ? found.universes.map((one) => sideBySide(one, found.origins)) : make("p", { class: "gap" }, say("compare_nothing_shared")));
  } catch (error) {
    fill("compared", make("p", { class: "gap" }, error.message));
  }
}

async function start() {
  try {
    const { rows } = await get("/api/reports", { universe: frame.universe, limit: LISTED, lang: frame.language });
    const b = stated("b") ?? rows.find((row) => row.plain && row.run !== stated("a"))?.run;
    const later = rows.find((row) => row.run === b);
    const earlier = rows.find((row) => row.plain && row.run !== b && row.horizon === later?.horizon && (row.as_of?.[0] ?? "") < (later?.as_of?.[0] ?? ""));
    keep({ a: stated("a") ?? earlier?.run, b });
    choose(rows, "a", stated("a"));
    choose(rows, "b", stated("b"));
    at("swap").addEventListener("click", () => {
      keep({ a: stated("b"), b: stated("a") });
      for (const name of ["a", "b"]) at(name).value = stated(name) ?? "";
      compare();
    });
  } catch (error) {
    return fill("compared", make("p", { class: "gap" }, error.message));
  }
  return compare();
}

start();
