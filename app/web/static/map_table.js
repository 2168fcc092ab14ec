// The table beside the map: sorted by quadrant and distance, with a box for each sector.
import { legible } from "./core/colours.js";
import { make } from "./core/dom.js";
import { number, percent, say, signed } from "./core/frame.js";
import { finite, distance } from "./map_plane.js";

const AWAY = (sector, bar) => (finite(sector.rs_ratio_index[bar]) && finite(sector.rs_momentum_index[bar])
  ? distance(sector.rs_ratio_index[bar], sector.rs_momentum_index[bar]) : -1);
const place = (sector, bar) => (sector.quadrant_code[bar] < 0 ? 9 : sector.quadrant_code[bar]);

// A column: its words, what rows are sorted by (larger first where `down`), what its cell says.
const COLUMNS = {
  sector: { words: "sector", value: (row) => row.sector.name },
  quadrant: { words: "desk_quadrant", value: (row) => place(row.sector, row.bar) },
  ratio: { words: "desk_ratio", down: true, number: true, value: (row) => row.sector.rs_ratio_index[row.bar], said: (value) => number(value, 2) },
  momentum: { words: "desk_momentum", down: true, number: true, value: (row) => row.sector.rs_momentum_index[row.bar], said: (value) => number(value, 2) },
  return: { words: "desk_return", down: true, number: true, told: true, value: (row) => row.told?.return_3m_pct ?? null, said: (value) => signed(value, 1) },
  distance: { words: "desk_distance", down: true, number: true, extra: true, value: (row) => AWAY(row.sector, row.bar), said: (value) => number(value, 1) },
  odds: { words: "desk_odds", down: true, number: true, extra: true, told: true, value: (row) => row.told?.odds?.leave_fraction ?? null, said: (value) => (value === null ? "–" : number(100 * value, 0)), title: (row) => row.told?.odds && say("desk_odds_title", { n: number(row.told.odds.within_count, 0), cases: number(row.told.odds.leave_cases_count, 0) }) },
  weight: { words: "desk_weight", down: true, number: true, extra: true, told: true, value: (row) => row.told?.benchmark_weight ?? null, said: (value) => percent(value).replace(" %", "") },
};

const classes = (column) => ["number", "told", "extra"].filter((name) => column[name]).join(" ");
const capital = (text) => text.charAt(0) + text.slice(1).toLowerCase();

function ordered(rows, sort) {
  if (!sort) return [...rows].sort((a, b) => place(a.sector, a.bar) - place(b.sector, b.bar) || AWAY(b.sector, b.bar) - AWAY(a.sector, a.bar));
  const column = COLUMNS[sort.column], sign = (column.down ? -1 : 1) * (sort.turned ? -1 : 1);
  return [...rows].sort((a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    if (one === null || other === null) return (one === null) - (other === null);
    return sign * (typeof one === "string" ? one.localeCompare(other) : one - other);
  });
}

export class MapTable {
  // `chosen` hears the ids that are ticked, `picked` one to be shown alone, `sorted` the order,
  // {column, turned} or null.
  constructor(table, { chosen, picked, sorted, sort = null }) {
    Object.assign(this, { table, chosen, picked, sorted, rows: new Map(), sort: sort && COLUMNS[sort.column] ? sort : null });
    this.all = make("input", { type: "checkbox", "aria-label": say("desk_show_all"), onchange: () => chosen(this.all.checked ? [...this.rows.keys()] : []) });
    this.heads = Object.fromEntries(Object.entries(COLUMNS).map(([name, column]) => [name,
      make("th", { scope: "col", class: classes(column) }, make("button", { type: "button", onclick: () => this.turned(name) }, say(column.words)))]));
    this.body = make("tbody");
    table.replaceChildren(make("thead", {}, make("tr", {}, make("th", { scope: "col" }, this.all), ...Object.values(this.heads))), this.body);
  }

  turned(name) {
    const same = this.sort?.column === name;
    this.sort = same && this.sort.turned ? null : { column: name, turned: same };
    this.sorted(this.sort);
    this.show(this.last);
  }

  row(sector) {
    if (!this.rows.has(sector.sector)) {
      const box = make("input", { type: "checkbox", "aria-label": say("desk_show_sector", { name: sector.name }), onchange: () => this.ticked() });
      const swatch = make("span", { class: "swatch" });
      const name = make("button", { type: "button", class: "name", "aria-label": say("desk_isolate", { name: sector.name }), onclick: () => this.picked(sector.sector) }, swatch, make("span", {}, sector.label));
      const cells = Object.entries(COLUMNS).slice(1).map(([, column]) => make("td", { class: classes(column) }));
      const element = make("tr", { dataset: { sector: sector.sector } }, make("td", {}, box), make("th", { scope: "row", title: sector.name }, name), ...cells);
      this.rows.set(sector.sector, { element, box, swatch, name, cells });
    }
    return this.rows.get(sector.sector);
  }

  ticked() { this.chosen([...this.rows].filter(([, row]) => row.box.checked).map(([id]) => id)); }

  // Shows {course, bar, shown, only, details, colour}; rows move only while nobody is among them.
  show(scene) {
    this.last = scene;
    const { course, bar, shown, only, details, paint } = scene;
    const rows = course.sectors.map((sector) => ({ sector, bar, told: details?.sectors.find((row) => row.sector === sector.sector) }));
    for (const row of rows) this.fill(row, course, shown, only, paint);
    for (const [name, head] of Object.entries(this.heads)) {
      const own = this.sort?.column === name, falling = Boolean(COLUMNS[name].down) !== Boolean(this.sort?.turned);
      if (own) head.setAttribute("aria-sort", falling ? "descending" : "ascending"); else head.removeAttribute("aria-sort");
    }
    this.all.checked = rows.every((row) => shown.has(row.sector.sector));
    this.all.indeterminate = !this.all.checked && rows.some((row) => shown.has(row.sector.sector));
    const wanted = ordered(rows, this.sort).map((row) => this.rows.get(row.sector.sector).element);
    const moved = wanted.some((element, index) => this.body.children[index] !== element);
    if (moved && (!this.body.contains(document.activeElement) || this.body.children.length !== wanted.length)) this.body.replaceChildren(...wanted);
  }

  fill(row, course, shown, only, paint) {
    const { sector, bar } = row, own = this.row(sector);
    own.box.checked = shown.has(sector.sector);
    own.name.setAttribute("aria-pressed", String(only === sector.sector));
    own.swatch.style.background = paint ? paint(sector, bar) : legible(sector.colour, 3);
    const quadrant = course.quadrants[sector.quadrant_code[bar]];
    const names = Object.keys(COLUMNS).slice(1);
    names.forEach((name, index) => {
      const column = COLUMNS[name], cell = own.cells[index];
      if (name === "quadrant") {
        const said = quadrant ? `${capital(quadrant.label)} (${number(sector.dwell_count[bar], 0)})` : sector.reason ?? "–";
        if (cell.textContent !== said) cell.textContent = said;
        cell.className = quadrant ? `quadrant ${quadrant.id.toLowerCase()}` : "soft";
        return;
      }
      const value = column.value(row), said = value === null || value === -1 ? "–" : column.said(value);
      if (cell.textContent !== said) cell.textContent = said;
      if (column.title) cell.title = column.title(row) || "";
    });
  }
}
