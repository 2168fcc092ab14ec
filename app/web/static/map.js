// The rotation map as a component: draws one moment of a course, between two bars as well.
import { legible } from "./core/colours.js";
import { make } from "./core/dom.js";
import { number } from "./core/frame.js";
import { placed, leader } from "./map_labels.js";
import { CENTRE, distance, Plane, reachOf } from "./map_plane.js";
import { breaks, trail } from "./map_trail.js";

const PIECES = 16, DOTS = 54, MARK = 6, GRAB = 16, SHAPE = { small: 0.8, large: 0.76 }, NEAR = 0.5, EASE = 0.14, REPLACE_MS = 300, HEAD = 5.5;
const ROOM = { left: 38, right: 4, top: 4, bottom: 30 }, SMALL = { left: 4, right: 4, top: 4, bottom: 4 };
const CORNERS = { LEADING: [1, 1], WEAKENING: [1, -1], LAGGING: [-1, -1], IMPROVING: [-1, 1] };

const written = new WeakMap();

// Writes what is not written yet: most of a frame is as it was in the frame before.
function set(element, attributes) {
  if (!written.has(element)) written.set(element, {});
  const had = written.get(element);
  for (const [name, value] of Object.entries(attributes)) {
    if (had[name] !== value) { element.setAttribute(name, value); had[name] = value; }
  }
  return element;
}

const fixed = (value) => value.toFixed(1);

// Fits a pool of elements to a count.
function pool(parent, list, count, made) {
  while (list.length < count) { const element = made(); list.push(element); parent.append(element); }
  while (list.length > count) list.pop().remove();
  return list;
}

export class RotationMap {
  // `pointed` hears {sector, bar, x, y, head} or null, in client pixels; `picked` a sector.
  constructor(where, { compact = false, pointed = () => {}, picked = () => {} } = {}) {
    Object.assign(this, { where, compact, pointed, picked, parts: new Map(), spots: [], before: new Map(), offsets: new Map(), placedAt: 0, texts: [], reach: null });
    this.room = compact ? SMALL : ROOM;
    this.ground = make("g", { "aria-hidden": "true" });
    this.layers = Object.fromEntries(["tails", "marks", "leaders", "labels", "heads"].map((name) => [name, make("g", { class: name })]));
    set(this.layers.labels, { "aria-hidden": "true" });
    this.plot = make("svg", { overflow: "hidden" }, ...Object.values(this.layers));
    this.svg = make("svg", { class: "rotation-map", role: "group", "font-family": getComputedStyle(document.body).fontFamily }, this.ground, this.plot);
    where.replaceChildren(this.svg);
    this.svg.addEventListener("pointermove", (event) => this.hovered(event));
    this.svg.addEventListener("pointerleave", () => this.pointed(null));
    this.svg.addEventListener("click", (event) => this.clicked(event));
    this.width = where.clientWidth;
    new ResizeObserver(([entry]) => {
      if (entry.contentRect.width < 1 || Math.abs(entry.contentRect.width - this.width) < 1) return;
      this.width = entry.contentRect.width;
      if (this.scene) this.draw({ ...this.scene, ease: false });
    }).observe(where);
  }

  // Draws a scene: {course, moment, tail, shown, only, near, weights, squares, quadrantColours, reach, ease, rest, label}.
  // Returns whether the scale has settled.
  draw(scene) {
    this.scene = scene;
    const width = Math.max(130, Math.round(this.width)), high = this.compact ? width * SHAPE.small : Math.min(560, Math.max(280, width * SHAPE.large));
    this.wide = width - this.room.left - this.room.right;
    this.high = Math.round(high) - this.room.top - this.room.bottom;
    const ways = this.ways(scene);
    const need = scene.reach ?? reachOf(ways.flatMap((way) => way.points), this.wide, this.high);
    this.reach = scene.ease && this.reach ? this.reach + (need - this.reach) * EASE : need;
    this.plane = new Plane(this.wide, this.high, this.reach);
    set(this.svg, { viewBox: `0 0 ${width} ${Math.round(high)}`, width, height: Math.round(high), "aria-label": scene.label });
    set(this.plot, { x: this.room.left, y: this.room.top, width: this.wide, height: this.high });
    this.grounded(scene, width);
    this.spots = [];
    this.arrows = [];
    const kept = new Set(ways.map((way) => way.sector.sector));
    for (const [id, part] of this.parts) {
      if (!kept.has(id)) { part.tail.remove(); part.head.remove(); this.parts.delete(id); }
    }
    for (const way of ways) this.drawn(way, scene);
    this.marked(ways, scene);
    if (!this.compact) this.labelled(ways, scene);
    return Math.abs(this.reach - need) < 0.002 * need;
  }

  // The trails that are shown; near the centre they may be hidden.
  ways(scene) {
    return scene.course.sectors
      .filter((sector) => scene.shown.has(sector.sector))
      .map((sector) => trail(sector, scene.moment, scene.tail))
      .filter((way) => way && !(scene.near && distance(...way.head) < NEAR && way.sector.sector !== scene.only));
  }

  colour(way, scene, least) {
    if (!scene.quadrantColours) return legible(way.sector.colour, least);
    return `var(--q-${scene.course.quadrants[way.sector.quadrant_code[way.bar]].id.toLowerCase()})`;
  }

  pixel([ratio, momentum]) { return [this.plane.x(ratio), this.plane.y(momentum)]; }

  grounded(scene, width) {
    const { left, top } = this.room, { wide, high, plane } = this, right = left + wide, bottom = top + high;
    const middle = [left + wide / 2, top + high / 2], children = [];
    const text = (x, y, said, more = {}) => make("text", { x: fixed(x), y: fixed(y), fill: "var(--soft)", "font-size": 11, ...more }, said);
    for (const [name, [east, north]] of Object.entries(CORNERS)) {
      const x = east > 0 ? middle[0] : left, y = north > 0 ? top : middle[1];
      children.push(make("rect", { x, y, width: wide / 2, height: high / 2, fill: `var(--${name.toLowerCase()})` }));
      const said = scene.course.quadrants.find((item) => item.id === name).label;
      if (!this.compact) children.push(text(east > 0 ? right - 7 : left + 7, north > 0 ? top + 16 : bottom - 8, said, { "text-anchor": east > 0 ? "end" : "start", "font-size": 12, "font-style": "italic" }));
    }
    const line = (x1, y1, x2, y2, stroke, weight) => make("line", { x1: fixed(x1), y1: fixed(y1), x2: fixed(x2), y2: fixed(y2), stroke, "stroke-width": weight });
    if (!this.compact) {
      const { xs, ys, digits } = plane.ticks();
      for (const value of xs) {
        const x = left + plane.x(value);
        if (value !== CENTRE) children.push(line(x, top, x, bottom, "var(--line)", 0.6));
        if (x > left + 14 && x < right - 10) children.push(text(x, bottom + 13, number(value, digits), { "text-anchor": "middle", "font-size": 10 }));
      }
      for (const value of ys) {
        const y = top + plane.y(value);
        if (value !== CENTRE) children.push(line(left, y, right, y, "var(--line)", 0.6));
        if (y > top + 6 && y < bottom - 6) children.push(text(left - 5, y + 3.5, number(value, digits), { "text-anchor": "end", "font-size": 10 }));
      }
      children.push(text(right, bottom + 26, "RS-Ratio →", { "text-anchor": "end", "font-size": 10 }));
      children.push(text(0, 0, "RS-Momentum →", { "text-anchor": "end", "font-size": 10, transform: `translate(9 ${top}) rotate(-90)` }));
    }
    children.push(line(left, middle[1], right, middle[1], "var(--soft)", 1), line(middle[0], top, middle[0], bottom, "var(--soft)", 1));
    this.ground.replaceChildren(...children);
  }

  part(id) {
    if (!this.parts.has(id)) {
      const shape = make("rect", { class: "shape", "stroke-width": 2 }), ring = make("circle", { fill: "none", "stroke-width": 1.2 });
      const arrow = make("polygon", { points: "0,-4.5 3.4,1.5 -3.4,1.5" }), hit = make("circle", { r: 14, fill: "transparent" });
      const head = make("g", { class: "head", tabindex: 0, role: "button", dataset: { sector: id } }, hit, ring, arrow, shape);
      head.addEventListener("focus", () => this.focused(id));
      head.addEventListener("blur", () => this.pointed(null));
      head.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.picked(id);
      });
      const tail = make("g", { "aria-hidden": "true" });
      this.layers.tails.append(tail);
      this.layers.heads.append(head);
      this.parts.set(id, { head, shape, ring, arrow, tail, lines: [], dots: [] });
    }
    return this.parts.get(id);
  }

  drawn(way, scene) {
    const { sector, bar } = way, id = sector.sector, part = this.part(id);
    const colour = this.colour(way, scene, 3), faint = scene.only && scene.only !== id;
    for (const group of [part.tail, part.head]) set(group, { opacity: faint ? 0.13 : 1 });
    const points = way.points.map((point) => this.pixel(point)), steps = points.length - 1;
    const pieces = Math.min(PIECES, steps);
    pool(part.tail, part.lines, pieces, () => make("polyline", { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" }));
    part.lines.forEach((line, place) => {
      const age = (place + 1) / pieces;
      const own = points.slice(Math.floor((place * steps) / pieces), Math.floor(((place + 1) * steps) / pieces) + 1);
      set(line, { points: own.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(" "), stroke: colour, "stroke-opacity": (0.2 + 0.7 * age).toFixed(2), "stroke-width": (0.8 + 1.7 * age).toFixed(2) });
    });
    const stride = Math.max(1, Math.ceil(way.nodes.length / DOTS)), nodes = way.nodes.filter((at) => (bar - at) % stride === 0 && at !== bar || (at === bar && way.moving));
    pool(part.tail, part.dots, nodes.length, () => make("circle", { stroke: "none" }));
    part.dots.forEach((dot, place) => {
      const age = (place + 1) / (nodes.length + 1), [x, y] = this.pixel([sector.rs_ratio_index[nodes[place]], sector.rs_momentum_index[nodes[place]]]);
      set(dot, { cx: fixed(x), cy: fixed(y), r: (1.1 + 1.5 * age).toFixed(2), fill: colour, "fill-opacity": (0.25 + 0.7 * age).toFixed(2) });
      if (!faint) this.spots.push({ x, y, sector: id, bar: nodes[place], head: false });
    });
    this.headed(part, way, scene, colour);
  }

  headed(part, way, scene, colour) {
    const { sector, bar } = way, id = sector.sector, [x, y] = this.pixel(way.head);
    const last = bar === scene.course.periods.length - 1, hollow = scene.course.provisional && last && !way.moving;
    const weight = scene.weights?.get(id), r = scene.weights ? Math.min(14, Math.max(3, 22 * Math.sqrt(weight ?? 0))) : this.compact ? 4.5 : HEAD;
    set(part.head, { transform: `translate(${fixed(x)} ${fixed(y)})`, "aria-pressed": String(scene.only === id) });
    set(part.shape, { x: -r, y: -r, width: 2 * r, height: 2 * r, rx: scene.squares?.has(id) ? 0.5 : r, fill: hollow ? "var(--card)" : colour, stroke: colour });
    set(part.ring, { r: r + 4.5, stroke: colour, visibility: sector.warning_code[bar] && !way.moving ? "visible" : "hidden" });
    const heading = sector.heading_deg[way.moving ? bar + 1 : bar], still = heading === null || heading === undefined;
    const away = r + (sector.warning_code[bar] && !way.moving ? 9 : 5.5);
    set(part.arrow, { fill: colour, transform: `rotate(${still ? 0 : heading}) translate(0 ${-away})`, visibility: still ? "hidden" : "visible" });
    if (scene.rest) set(part.head, { "aria-label": scene.named(way) });
    if (!still) this.arrows.push([x + Math.sin((heading * Math.PI) / 180) * away, y - Math.cos((heading * Math.PI) / 180) * away]);
    this.spots.push({ x, y, sector: id, bar: way.moving ? bar + 1 : bar, head: true });
  }

  // A mark across a tail where the sector's members changed.
  marked(ways, scene) {
    const lines = ways.flatMap((way) => breaks(way, scene.course.periods).map(({ from, to, note }) => {
      const [a, b] = this.pixel(from), [c, d] = this.pixel(to), length = Math.hypot(c - a, d - b) || 1;
      const across = ((b - d) / length) * MARK, up = ((c - a) / length) * MARK, x = (a + c) / 2, y = (b + d) / 2;
      return make("line", { x1: fixed(x - across), y1: fixed(y - up), x2: fixed(x + across), y2: fixed(y + up), stroke: this.colour(way, scene, 3), "stroke-width": 1.8 }, make("title", {}, note));
    }));
    this.layers.marks.replaceChildren(...lines);
  }

  labelled(ways, scene) {
    const told = ways.filter((way) => !scene.only || scene.only === way.sector.sector);
    const heads = told.map((way) => {
      const [x, y] = this.pixel(way.head);
      return { key: way.sector.sector, text: way.sector.label, x, y, colour: this.colour(way, scene, 4.5) };
    });
    const found = scene.rest || performance.now() - this.placedAt > REPLACE_MS || heads.some((head) => !this.offsets.has(head.key))
      ? this.replaced(heads, ways) : this.carried(heads);
    this.layers.leaders.replaceChildren(...heads.flatMap((head) => {
      const end = leader(head, found.get(head.key));
      return end ? [make("line", { x1: fixed(head.x), y1: fixed(head.y), x2: fixed(end[0]), y2: fixed(end[1]), stroke: head.colour, "stroke-width": 0.7 })] : [];
    }));
    pool(this.layers.labels, this.texts, heads.length, () => make("text", {
      "text-anchor": "middle", "font-size": 12, "font-weight": 650, stroke: "var(--card)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke",
    }));
    heads.forEach((head, place) => {
      const { x, y } = found.get(head.key), text = this.texts[place];
      set(text, { x: fixed(x), y: fixed(y + 4.2), fill: head.colour });
      if (text.textContent !== head.text) text.textContent = head.text;
    });
  }

  // Labels are placed anew a few times a second; in between they go with their heads.
  replaced(heads, ways) {
    const names = [[46, 12], [46, this.high - 12], [this.wide - 46, 12], [this.wide - 46, this.high - 12]]
      .flatMap(([x, y]) => [-36, -24, -12, 0, 12, 24, 36].map((step) => [x + step, y]));
    const obstacles = [...ways.flatMap((way) => along(way.points.map((point) => this.pixel(point)), this.scene.rest ? 8 : 18)), ...this.arrows, ...this.arrows, ...names];
    const found = placed(heads, { obstacles, width: this.wide, height: this.high, before: this.before });
    this.before = new Map([...found].map(([key, label]) => [key, label.place]));
    this.offsets = new Map(heads.map((head) => {
      const label = found.get(head.key);
      return [head.key, { x: label.x - head.x, y: label.y - head.y, wide: label.box[2] - label.box[0], high: label.box[3] - label.box[1] }];
    }));
    this.placedAt = performance.now();
    return found;
  }

  carried(heads) {
    return new Map(heads.map((head) => {
      const { x: dx, y: dy, wide, high } = this.offsets.get(head.key), x = head.x + dx, y = head.y + dy;
      return [head.key, { x, y, box: [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2] }];
    }));
  }

  nearest(event, most) {
    const box = this.svg.getBoundingClientRect(), scale = box.width / (this.wide + this.room.left + this.room.right);
    const x = (event.clientX - box.left) / scale - this.room.left, y = (event.clientY - box.top) / scale - this.room.top;
    let found = null, least = most;
    for (const spot of this.spots) {
      const away = Math.hypot(spot.x - x, spot.y - y) - (spot.head ? 4 : 0);
      if (away < least) { least = away; found = spot; }
    }
    return found;
  }

  // A spot as the page sees it.
  told(spot) {
    const box = this.svg.getBoundingClientRect();
    return { sector: spot.sector, bar: spot.bar, head: spot.head, x: box.left + this.room.left + spot.x, y: box.top + this.room.top + spot.y };
  }

  hovered(event) {
    const spot = this.nearest(event, GRAB - 4);
    this.pointed(spot ? this.told(spot) : null);
  }

  clicked(event) {
    const spot = this.nearest(event, GRAB);
    if (!spot) return;
    this.picked(spot.sector);
    this.pointed(this.told(spot));
  }

  focused(id) {
    const spot = this.spots.find((item) => item.sector === id && item.head);
    if (spot) this.pointed(this.told(spot));
  }
}

// Points no further apart than labels must keep from a line.
function along(points, gap) {
  return points.flatMap(([x, y], place) => {
    if (!place) return [[x, y]];
    const [a, b] = points[place - 1], count = Math.min(12, Math.ceil(Math.hypot(x - a, y - b) / gap));
    return Array.from({ length: count }, (_, step) => [a + ((x - a) * (step + 1)) / count, b + ((y - b) * (step + 1)) / count]);
  });
}
