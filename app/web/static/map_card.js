// The card of a sector on the map: where it was at a bar, and what was known on the frame's day.
import { legible } from "./core/colours.js";
import { at, fill, make } from "./core/dom.js";
import { day, number, percent, say, signed } from "./core/frame.js";

const GAP = 14, ARROWS = ["↑", "↗", "→", "↘", "↓", "↙", "←", "↖"];

const line = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));

export const arrow = (degrees) => ARROWS[Math.round(degrees / 45) % ARROWS.length];

export function staying(course, sector, bar) {
  return say(course.frequency === "daily" ? "desk_days_in" : "desk_weeks_in", { n: number(sector.dwell_count[bar], 0) });
}

// What a head or node says by itself, for those who do not see it.
export function spoken(course, sector, bar) {
  const quadrant = course.quadrants[sector.quadrant_code[bar]];
  const warned = warning(course, sector, bar);
  return [
    sector.name, quadrant?.label, staying(course, sector, bar),
    `${course.measures.rs_ratio} ${number(sector.rs_ratio_index[bar], 2)}`,
    `${course.measures.rs_momentum} ${number(sector.rs_momentum_index[bar], 2)}`, warned,
  ].filter(Boolean).join(", ");
}

function warning(course, sector, bar) {
  const code = sector.warning_code[bar];
  return code ? course.warnings[code > 0 ? 0 : 1].label : null;
}

function odds(told) {
  if (!told.odds) return [];
  const { within_count: n, leave_fraction: share, leave_cases_count: cases } = told.odds;
  const whole = (fraction) => percent(fraction, 0);
  const left = share === null ? say("desk_leaves_none") : say("desk_leaves_of", {
    share: whole(share), low: number(100 * told.odds.leave_low_fraction, 0), high: whole(told.odds.leave_high_fraction), cases: number(cases, 0),
  });
  const next = told.odds.moves.filter((move) => move.move_fraction !== null);
  return [
    line(say("desk_leaves", { n: number(n, 0) }), left),
    next.length ? line(say("desk_next"), ...next.map((move) => make("span", { class: "move" },
      say("desk_next_move", { name: move.name, share: percent(move.move_fraction, 1), cases: number(move.moves_count, 0) })))) : null,
  ];
}

function members(told) {
  const of = told.members;
  if (!of) return null;
  if (told.single_stock && of.top_member) return say("desk_one_stock", { symbol: of.top_member });
  return of.top_member
    ? say("desk_members", { n: number(of.members_count, 0), symbol: of.top_member, share: `${number(of.top_member_pct, 0)} %` })
    : number(of.members_count, 0);
}

function known(course, told, details) {
  const of = members(told), traded = told.traded.turnover_share_pct;
  return [
    ...odds(told),
    line(course.measures.return_3m, told.return_3m_pct === null ? "–" : `${signed(told.return_3m_pct)} %`),
    told.flow ? line(say("desk_flow_named"), told.flow) : null,
    traded === null ? null : line(course.measures.turnover_share,
      `${number(traded)} %${told.traded.turnover_share_change_pp === null ? "" : ` (${signed(told.traded.turnover_share_change_pp)} pp)`}`),
    told.benchmark_weight === null ? null : line(course.measures.benchmark_weight, percent(told.benchmark_weight)),
    of ? line(course.measures.members, of) : null,
    told.flags.length || told.held ? line("", [...told.flags, told.held ? say("desk_held") : null].filter(Boolean).join(", ")) : null,
    line("", make("span", { class: "soft" }, say("desk_card_as_of", { day: day(details.as_of) }))),
  ];
}

// Shows the card beside a point; `details` are of the frame shown, null while they are not here.
export function cardShown(course, sector, point, details) {
  const { bar, head } = point, card = at("hover");
  const last = bar === course.periods.length - 1, told = head ? details?.sectors.find((row) => row.sector === sector.sector) : null;
  const heading = sector.heading_deg[bar], warned = warning(course, sector, bar);
  const running = last && course.provisional;
  fill(card,
    make("h3", {}, make("span", { class: "swatch", style: { background: legible(sector.colour, 3) } }), " ",
      sector.name === sector.ticker || sector.label !== sector.ticker ? sector.name : `${sector.name} (${sector.ticker})`),
    make("p", { class: "soft" }, `${course.frequency_name}, ${course.benchmark_name}. ${say(running ? "desk_period_running" : "desk_period", { day: day(course.periods[bar]) })}`),
    make("dl", {},
      line(course.measures.quadrant, `${course.quadrants[sector.quadrant_code[bar]]?.label ?? "–"}, ${staying(course, sector, bar)}`),
      line(course.measures.rs_ratio, number(sector.rs_ratio_index[bar], 2)),
      line(course.measures.rs_momentum, number(sector.rs_momentum_index[bar], 2)),
      heading === null ? null : line(course.measures.heading, `${arrow(heading)} ${number(heading, 0)}°`),
      sector.velocity_index[bar] === null ? null : line(course.measures.velocity, number(sector.velocity_index[bar], 2)),
      warned ? line(course.measures.early_warning, warned) : null,
      ...(told ? known(course, told, details) : [])),
    head ? null : make("p", { class: "soft" }, say("desk_card_node")));
  card.classList.add("map-hover");
  card.hidden = false;
  const own = card.getBoundingClientRect();
  const x = point.x + GAP + own.width < innerWidth ? point.x + GAP : Math.max(4, point.x - GAP - own.width);
  const y = Math.max(4, Math.min(point.y - 20, innerHeight - own.height - 4));
  Object.assign(card.style, { left: `${x}px`, top: `${y}px` });
}

export function cardHidden() {
  const card = at("hover");
  card.hidden = true;
  card.classList.remove("map-hover");
}
