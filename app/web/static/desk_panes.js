// The pictures of the desk: one map, two side by side, or one small map a sector.
import { legible } from "./core/colours.js";
import { make } from "./core/dom.js";
import { day, say } from "./core/frame.js";
import { frequencies, master, state, tailBars } from "./desk_state.js";
import { RotationMap } from "./map.js";
import { cardHidden, cardShown, spoken } from "./map_card.js";
import { reachOf } from "./map_plane.js";
import { trail } from "./map_trail.js";

const DAY_MS = 86_400_000;
const millis = (text) => Date.parse(`${text}T00:00:00Z`);

// The day of a moment of one course, between two bars as well.
function dayAt(course, moment) {
  const bar = Math.floor(moment + 1e-9), next = Math.min(bar + 1, course.seen.length - 1);
  return millis(course.seen[bar]) + (moment - bar) * (millis(course.seen[next]) - millis(course.seen[bar]));
}

// The moment of another course on a day: at rest its last bar that was known then; null before it.
function momentOn(course, when, rest) {
  let bar = -1;
  while (bar + 1 < course.seen.length && millis(course.seen[bar + 1]) <= when + (rest ? 0 : DAY_MS / 24)) bar += 1;
  if (bar < 0) return null;
  const next = course.seen[bar + 1];
  return rest || !next ? bar : Math.min(bar + 0.999, bar + Math.max(0, when - millis(course.seen[bar])) / (millis(next) - millis(course.seen[bar])));
}

export class Panes {
  // `details` gives what is known at the frame of a frequency.
  constructor(where, { picked, details }) {
    Object.assign(this, { where, picked, details, panes: [], courses: {} });
  }

  // Makes the panes anew where their number or kind changes.
  reset(courses) {
    this.courses = Object.fromEntries(courses.map((course) => [course.frequency, course]));
    const wanted = state.view === "grid"
      ? this.courses[master()].sectors.map((sector) => ({ id: sector.sector, frequency: master(), sector }))
      : frequencies().map((frequency) => ({ id: frequency, frequency, sector: null }));
    const key = wanted.map((pane) => pane.id).join(" ");
    this.where.className = `panes ${state.view} of-${wanted.length}`;
    if (key === this.key) return;
    this.key = key;
    this.panes = wanted.map((pane) => this.pane(pane));
    this.where.replaceChildren(...this.panes.map((pane) => pane.box));
    for (const pane of this.panes) pane.map = this.made(pane);
  }

  pane({ frequency, sector }) {
    const caption = make("figcaption", { class: "caption" }), picture = make("div", { class: "picture" }), note = make("p", { class: "gap", hidden: true });
    const box = make("figure", { class: "pane" }, caption, picture, note);
    return { frequency, sector: sector?.sector ?? null, caption, picture, note, box };
  }

  made(pane) {
    return new RotationMap(pane.picture, {
      compact: pane.sector !== null, picked: this.picked,
      pointed: (point) => {
        if (!point) return cardHidden();
        const course = this.courses[pane.frequency], known = this.details(pane.frequency);
        const fresh = known?.as_of === course.seen[point.bar] && known.benchmark === course.benchmark ? known : null;
        cardShown(course, course.sectors.find((row) => row.sector === point.sector), point, fresh);
      },
    });
  }

  // Draws every pane at the moment of the first course; returns the bar of each frequency.
  draw({ courses, moment, shown, rest, ease }) {
    const when = dayAt(courses[master()], moment), bars = {};
    const moments = Object.fromEntries(Object.entries(courses).map(([name, course]) => [name, name === master() ? moment : momentOn(course, when, rest)]));
    const reach = state.view === "grid" ? this.common(courses[master()], moment, shown) : null;
    let still = true;
    for (const pane of this.panes) {
      const course = courses[pane.frequency], own = moments[pane.frequency];
      const visible = pane.sector === null || shown.has(pane.sector);
      pane.box.hidden = !visible;
      if (!visible) continue;
      const early = own === null || !course.sectors.some((row) => row.quadrant_code[Math.floor(own)] >= 0);
      pane.picture.hidden = early;
      pane.note.hidden = !early;
      if (early) { pane.note.textContent = say("desk_no_frame", { day: day(course.periods[course.first_frame]) }); continue; }
      const bar = Math.floor(own + 1e-9);
      bars[pane.frequency] = bar;
      this.captioned(pane, course, bar);
      still = pane.map.draw(this.scene(pane, course, own, { shown, rest, ease, reach })) && still;
    }
    return { bars, still };
  }

  scene(pane, course, moment, { shown, rest, ease, reach }) {
    const known = this.details(pane.frequency);
    return {
      course, moment, tail: tailBars(pane.frequency), rest, ease, reach,
      shown: pane.sector === null ? shown : new Set([pane.sector]),
      only: pane.sector === null ? state.only : null,
      near: state.near && pane.sector === null,
      weights: state.weights && known ? new Map(known.sectors.map((row) => [row.sector, row.benchmark_weight])) : null,
      squares: new Set(known?.sectors.filter((row) => row.single_stock).map((row) => row.sector)),
      quadrantColours: state.quadrantColours,
      label: say("desk_alt", { frequency: course.frequency_name, day: day(course.seen[Math.floor(moment + 1e-9)]) }),
      named: (way) => spoken(course, way.sector, way.bar),
    };
  }

  captioned(pane, course, bar) {
    const row = course.sectors.find((sector) => sector.sector === pane.sector);
    const parts = row
      ? [row.label, course.quadrants[row.quadrant_code[bar]]?.label ?? row.reason ?? "–"]
      : this.panes.length > 1 ? [course.frequency_name, day(course.seen[bar])] : [];
    const said = parts.join(" · ");
    if (pane.said !== said) pane.caption.replaceChildren(parts[0] ?? "", make("span", { class: "soft" }, parts[1] ?? ""));
    pane.said = said;
    pane.caption.hidden = said === "";
  }

  // Small maps share one scale, so that they can be compared.
  common(course, moment, shown) {
    const ways = course.sectors.filter((sector) => shown.has(sector.sector)).map((sector) => trail(sector, moment, tailBars(course.frequency))).filter(Boolean);
    return reachOf(ways.flatMap((way) => way.points), 1, 0.8);
  }

  // The colour a sector's swatch has beside the map.
  painter() {
    if (!state.quadrantColours) return null;
    const course = this.courses[master()];
    return (sector, bar) => (sector.quadrant_code[bar] < 0 ? legible(sector.colour, 3) : `var(--q-${course.quadrants[sector.quadrant_code[bar]].id.toLowerCase()})`);
  }
}
