// Sectors by time: the score of each of the last weeks as it was then, filled in as it is computed.
import { get } from "./core/api.js";
import { fill, make } from "./core/dom.js";
import { asked, day, frame, number, place, say, sectors, signed } from "./core/frame.js";
import { absent } from "./heat_grid.js";
import { hatched, relativeShade, sectorAddress, shadeClass } from "./heat_cells.js";

const AT_ONCE = 4;

const short = (text) => {
  const [, month, date] = text.split("-");
  if (frame.language === "vi") return `${date}/${month}`;
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
};

function cell(row, week, most, intensity) {
  const found = week?.bySector.get(row.sector);
  if (!week) return make("td", { class: "waiting" });
  if (!found || found.score === null) return make("td", { class: "hatched", title: found?.reason ?? say("heat_unscored") }, make("span", { class: "unseen" }, found?.reason ?? say("heat_unscored")));
  const said = say("heat_week_cell", { sector: sectors.get(row.sector).name, day: day(week.as_of), value: signed(found.score, 2), rank: number(found.rank, 0) });
  return make("td", { class: `number ${shadeClass(relativeShade(found.score, most, intensity))}`, title: said }, signed(found.score, 2));
}

function table(days, weeks, counts, intensity) {
  const oldestFirst = [...days].reverse();
  const known = [...weeks.values()];
  const most = Math.max(0, ...known.flatMap((week) => week.rows.map((row) => Math.abs(row.score ?? 0))));
  const rows = weeks.get(days[0]).rows;
  return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("heat_tab_weeks") },
    make("table", { class: "heat weeks" },
      make("caption", {}, say("heat_tab_weeks")),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("sector")),
        oldestFirst.map((text) => make("th", { scope: "col", class: "day", title: day(text) }, make("span", {}, short(text)))),
        make("th", { scope: "col", class: "number" }, say("heat_flips")), make("th", { scope: "col", class: "number" }, say("heat_top")))),
      make("tbody", {}, rows.map((row) => {
        const own = oldestFirst.map((text) => weeks.get(text)?.bySector.get(row.sector) ?? null);
        return make("tr", {},
          make("th", { scope: "row" }, make("a", { href: sectorAddress(row.sector) }, sectors.get(row.sector).name)),
          own.every((one) => one?.reason) && own.length
            ? [hatched(own[0].reason, { colspan: own.length })]
            : oldestFirst.map((text) => cell(row, weeks.get(text), most, intensity)),
          ["flips_count", "top_count"].map((name) => make("td", { class: "past number" }, number(counts.get(row.sector)?.[name], 0))));
      }))));
}

export async function weekPicture(where, horizon, intensity, signal) {
  const weeks = new Map(), counts = new Map();
  for (let skip = 0, days = null; days === null || skip < days.length; skip += AT_ONCE) {
    const answer = await get(place("heatmap/weeks"), asked({ horizon, skip, take: AT_ONCE }), { signal });
    if (answer.gap) return fill(where, absent(say, answer.gap));
    days = answer.days;
    for (const week of answer.weeks) weeks.set(week.as_of, { ...week, bySector: new Map(week.rows.map((row) => [row.sector, { ...row, reason: answer.reasons[row.reason] ?? null }])) });
    for (const row of answer.counts) counts.set(row.sector, row);
    const packaged = [...weeks.values()].filter((week) => week.weights_source === "packaged").map((week) => day(week.as_of));
    const done = Math.min(weeks.size, days.length);
    fill(where,
      done < days.length
        ? make("p", { class: "busy", role: "status" }, make("progress", { value: done, max: days.length, "aria-label": say("heat_loading") }), " ", say("heat_weeks_loading", { done, all: days.length }))
        : null,
      table(days, weeks, counts, intensity),
      make("p", { class: "note" }, say("heat_weeks_note")),
      packaged.length && packaged.length < weeks.size ? make("p", { class: "note" }, say("heat_weeks_packaged", { days: packaged.join(", ") })) : null);
    const scroll = where.querySelector(".scroll");
    scroll.scrollLeft = scroll.scrollWidth;
  }
}
