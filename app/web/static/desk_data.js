// Fetches what the desk shows: courses once, and of each day that is rested on what was known then.
import { get } from "./core/api.js";
import { asked, place } from "./core/frame.js";

const PAUSE = 220, WHILE_PLAYING = 3000, KEPT = 40;

const courses = new Map();

// Years of frames; the same question is asked once.
export function courseOf(frequency, benchmark) {
  const key = `${frequency} ${benchmark}`;
  if (!courses.has(key)) {
    const coming = get(place("map"), asked({ frequency, benchmark }));
    coming.catch(() => courses.delete(key));
    courses.set(key, coming);
  }
  return courses.get(key);
}

// Keeps the details of one frequency in step with the frame; `heard` is told when others are here.
export class Details {
  constructor(heard) {
    Object.assign(this, { heard, known: new Map(), shown: null, wanted: null, waiting: null, busy: false, asked: 0 });
  }

  // The details to show; those of another day only while the map plays on.
  get now() { return this.shown; }

  want(course, bar, rest) {
    const as_of = course.seen[bar], key = `${course.frequency} ${course.benchmark} ${as_of}`;
    this.wanted = { key, as_of, frequency: course.frequency, benchmark: course.benchmark };
    if (this.known.has(key)) { this.settle(this.known.get(key)); return; }
    clearTimeout(this.waiting);
    const due = rest ? PAUSE : Math.max(0, WHILE_PLAYING - (performance.now() - this.asked));
    this.waiting = setTimeout(() => this.fetched(), this.shown === null ? 0 : due);
  }

  settle(found) {
    if (this.shown === found) return;
    this.shown = found;
    this.heard();
  }

  async fetched() {
    if (this.busy || !this.wanted) return;
    const { key, as_of, frequency, benchmark } = this.wanted;
    this.busy = true;
    this.asked = performance.now();
    try {
      const found = await get(place("map/details"), asked({ frequency, benchmark, as_of }));
      this.known.set(key, found);
      if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
      this.settle(found);
    } catch { this.shown = null; } finally { this.busy = false; }
    if (this.wanted.key !== key && !this.known.has(this.wanted.key)) this.waiting = setTimeout(() => this.fetched(), PAUSE);
    else if (this.known.has(this.wanted.key)) this.settle(this.known.get(this.wanted.key));
  }
}
