// One sector's way to a moment that may lie between two bars.
import { finite } from "./map_plane.js";

const known = (sector, bar) =>
  bar >= 0 && finite(sector.rs_ratio_index[bar]) && finite(sector.rs_momentum_index[bar]);
const node = (sector, bar) => [sector.rs_ratio_index[bar], sector.rs_momentum_index[bar]];
const between = (one, other, share) => one.map((value, place) => value + share * (other[place] - value));

// Returns null where the sector has no quadrant; `nodes` are bars, oldest first, the head excluded.
export function trail(sector, moment, tail) {
  const bar = Math.floor(moment + 1e-9), share = Math.max(0, moment - bar);
  if (!known(sector, bar)) return null;
  const moving = share > 1e-6 && known(sector, bar + 1);
  const head = moving ? between(node(sector, bar), node(sector, bar + 1), share) : node(sector, bar);
  const points = [], nodes = [];
  const oldest = moment - tail;
  let first = bar;
  while (first - 1 >= Math.max(0, oldest - 1e-9) && known(sector, first - 1)) first -= 1;
  if (moving && first - 1 >= 0 && first - 1 < oldest && oldest < first && known(sector, first - 1)) {
    points.push(between(node(sector, first - 1), node(sector, first), oldest - first + 1));
  }
  for (let at = first; at < bar || (at === bar && moving && tail > 0); at += 1) {
    points.push(node(sector, at));
    nodes.push(at);
  }
  points.push(head);
  return { sector, bar, moving, head, points: tail > 0 ? points : [head], nodes, first };
}

// The steps of the tail within which the sector's members changed, as pairs of points.
export function breaks(way, periods) {
  const found = [];
  for (const change of way.sector.reclassified) {
    for (let at = way.first; at < way.bar; at += 1) {
      if (periods[at] < change.effective && change.effective <= periods[at + 1]) {
        found.push({ from: node(way.sector, at), to: node(way.sector, at + 1), note: change.note });
      }
    }
  }
  return found;
}
