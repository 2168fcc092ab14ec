// The date of the map: a slider over the benchmark's chart, steps, and play.
import { colour, draw } from "./core/chart.js";
import { at } from "./core/dom.js";
import { day, month, number, say } from "./core/frame.js";

const BARS_A_SECOND = { weekly: 3, daily: 6 }, EDGE = 8, HIGH = 64, MOST_STEP = 0.25;
const still = matchMedia("(prefers-reduced-motion: reduce)");

// Where years begin; of a short history, where quarters do.
function marks(periods, first) {
  const few = Number(periods.at(-1).slice(0, 4)) - Number(periods[first].slice(0, 4)) < 2;
  const turns = (bar) => (few
    ? periods[bar].slice(5, 7) !== periods[bar - 1].slice(5, 7) && (Number(periods[bar].slice(5, 7)) - 1) % 3 === 0
    : periods[bar].slice(0, 4) !== periods[bar - 1].slice(0, 4));
  return periods.flatMap((period, bar) => (bar > first && turns(bar)
    ? [{ bar, said: few ? month(period) : period.slice(0, 4) }] : []));
}

export class Timeline {
  // `moved` hears (moment, {rest, ease}); between bars a moment is a fraction.
  constructor(moved) {
    Object.assign(this, { moved, moment: 0, playing: false, course: null });
    at("slider").addEventListener("input", () => { this.pause(); this.go(Number(at("slider").value)); });
    at("back").addEventListener("click", () => { this.pause(); this.go(Math.ceil(this.moment) - 1); });
    at("forward").addEventListener("click", () => { this.pause(); this.go(Math.floor(this.moment) + 1); });
    at("latest").addEventListener("click", () => { this.pause(); this.go(this.last); });
    at("play").addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.pause(); });
  }

  get last() { return this.course.periods.length - 1; }

  // Takes the frames of a course; the moment stays on its day where it can.
  async take(course, moment) {
    this.course = course;
    Object.assign(at("slider"), { min: course.first_frame, max: this.last });
    this.go(moment);
    await this.charted();
  }

  async charted() {
    if (!this.course) return;
    const { first_frame: first, periods, benchmark_close_level: closes, sectors } = this.course;
    const rows = closes.map((close, bar) => ({ bar, close })).filter((row) => row.bar >= first && row.close !== null);
    const years = marks(periods, first);
    const changed = [...new Set(sectors.flatMap((sector) => sector.reclassified.map((change) => change.effective)))]
      .map((effective) => ({ bar: periods.findIndex((period) => period >= effective) })).filter(({ bar }) => bar > first);
    const x = { field: "bar", type: "quantitative", axis: null, scale: { domain: [first, Math.max(first + 1, this.last)], nice: false, zero: false } };
    const low = Math.min(...rows.map((row) => row.close)), high = Math.max(...rows.map((row) => row.close)), room = (high - low || 1) * 0.12;
    const y = { field: "close", type: "quantitative", axis: null, scale: { domain: [low - room, high + room / 2], nice: false, zero: false } };
    await draw(at("benchmark-chart"), {
      width: "container", height: HIGH,
      autosize: { type: "fit-x", contains: "padding" }, padding: { left: EDGE, right: EDGE, top: 4, bottom: 2 },
      layer: [
        { data: { values: rows }, mark: { type: "area", color: colour("--accent"), opacity: 0.14 }, encoding: { x, y } },
        { data: { values: rows }, mark: { type: "line", color: colour("--accent"), strokeWidth: 1.4 }, encoding: { x, y } },
        { data: { values: years }, mark: { type: "rule", color: colour("--line") }, encoding: { x } },
        { data: { values: changed }, mark: { type: "rule", color: colour("--warn"), strokeDash: [3, 2] }, encoding: { x } },
        { data: { values: years }, mark: { type: "text", align: "left", baseline: "bottom", dx: 3, color: colour("--soft"), fontSize: 10 }, encoding: { x, y: { value: HIGH - 1 }, text: { field: "said" } } },
      ],
    });
    const told = say("desk_benchmark_told", { benchmark: this.course.benchmark_name, first: day(periods[first]), last: day(periods[this.last]) });
    at("benchmark-told").textContent = changed.length ? `${told} ${say("desk_benchmark_changed")}` : told;
  }

  // Moves to a moment; `rest` tells that it stays there.
  go(moment, { rest = true, ease = false } = {}) {
    if (!this.course) return;
    this.moment = Math.min(Math.max(moment, this.course.first_frame), this.last);
    const bar = Math.floor(this.moment + 1e-9), { first_frame: first, periods, benchmark_close_level: closes } = this.course;
    const share = (this.moment - first) / Math.max(1, this.last - first), slider = at("slider");
    at("now").style.left = `calc(${EDGE}px + ${share} * (100% - ${2 * EDGE}px))`;
    slider.value = String(bar);
    slider.setAttribute("aria-valuetext", day(periods[bar]));
    at("date").textContent = `${day(periods[bar])}${closes[bar] === null ? "" : ` · ${number(closes[bar], closes[bar] < 1000 ? 2 : 0)}`}`;
    for (const [name, ended] of [["back", bar <= first], ["forward", this.moment >= this.last], ["latest", this.moment >= this.last]]) at(name).disabled = ended;
    this.moved(this.moment, { rest, ease });
  }

  play() {
    if (this.moment >= this.last) this.go(this.course.first_frame, { rest: false });
    this.playing = true;
    this.told();
    let before = performance.now(), held = this.moment;
    const tick = (now) => {
      if (!this.playing) return;
      const bars = BARS_A_SECOND[this.course.frequency] * Number(at("speed").value);
      held = Math.min(this.last, held + Math.min(MOST_STEP, ((now - before) / 1000)) * bars);
      before = now;
      this.go(still.matches ? Math.floor(held) : held, { rest: false, ease: !still.matches });
      if (held >= this.last) this.pause(); else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.told();
    this.go(Math.round(this.moment), { rest: true, ease: !still.matches });
  }

  told() {
    at("play").textContent = this.playing ? `❚❚ ${say("desk_pause")}` : `▶ ${say("desk_play")}`;
  }
}
