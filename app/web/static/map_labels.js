// Where labels go so that they cover no other label, head or tail; they leave their place reluctantly.
const RINGS = [10, 15, 22, 31, 42, 54], ANGLES = 16;
const LABEL = 40, HEAD = 25, NODE = 6, OUTSIDE = 60, AWAY = 9, MOVE = 60;
const CHARACTER = 7.3, HIGH = 13, NEAR = 80;

const boxAt = (x, y, wide, high) => [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
const shared = (a, b) => {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return wide > 0 && high > 0 ? wide * high : 0;
};

const CANDIDATES = RINGS.flatMap((radius) =>
  Array.from({ length: ANGLES }, (_, step) => [radius, (step * 2 * Math.PI) / ANGLES]));

// Heads are {key, x, y, text}; returns by key the label's middle and the place it took.
export function placed(heads, { obstacles, width, height, before = new Map() }) {
  const taken = new Map();
  const blocks = heads.map((head) => boxAt(head.x, head.y, 13, 13));
  const crowded = (head) => heads.reduce((sum, other) =>
    sum + (other === head ? 0 : 1 / (10 + Math.hypot(head.x - other.x, head.y - other.y))), 0);
  const order = heads.map((head) => [crowded(head), head])
    .sort((a, b) => b[0] - a[0] || (a[1].key < b[1].key ? -1 : 1));
  for (const [, head] of order) {
    const wide = head.text.length * CHARACTER + 2;
    const near = obstacles.filter(([x, y]) => Math.abs(x - head.x) < NEAR + wide && Math.abs(y - head.y) < NEAR);
    let best = null;
    CANDIDATES.forEach(([radius, angle], place) => {
      const x = head.x + Math.cos(angle) * (radius + wide / 2);
      const y = head.y - Math.sin(angle) * (radius + HIGH / 2);
      const box = boxAt(x, y, wide, HIGH);
      let cost = AWAY * Math.hypot(x - head.x, y - head.y);
      cost += OUTSIDE * (wide * HIGH - shared(box, [2, 2, width - 2, height - 2]));
      if (before.has(head.key) && before.get(head.key) !== place) cost += MOVE;
      for (const other of taken.values()) cost += LABEL * shared(box, other.box);
      for (const block of blocks) cost += HEAD * shared(box, block);
      if (best !== null && cost >= best.cost) return;
      for (const [ox, oy] of near) cost += NODE * shared(box, [ox - 3, oy - 3, ox + 3, oy + 3]);
      if (best === null || cost < best.cost) best = { cost, x, y, box, place };
    });
    taken.set(head.key, best);
  }
  return taken;
}

// Where a line from the head should meet its label; null where they are close enough without one.
export function leader(head, label) {
  const x = Math.min(Math.max(head.x, label.box[0]), label.box[2]);
  const y = Math.min(Math.max(head.y, label.box[1]), label.box[3]);
  return Math.hypot(x - head.x, y - head.y) > 20 ? [x, y] : null;
}
