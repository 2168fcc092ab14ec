// The plane of RS-Ratio and RS-Momentum: equal scales, the cross at 100, how far it reaches.
export const CENTRE = 100;
const LEAST = 0.5, ROOM = 1.14, TICKS = 4;

export const finite = (value) => value !== null && value !== undefined;

export class Plane {
  constructor(width, height, reach) {
    this.width = width;
    this.height = height;
    this.unit = height / 2 / reach;
    this.reach = reach;
    this.across = width / 2 / this.unit;
  }
  x(ratio) { return this.width / 2 + (ratio - CENTRE) * this.unit; }
  y(momentum) { return this.height / 2 - (momentum - CENTRE) * this.unit; }

  // Round values on both axes, a like distance apart.
  ticks() {
    const rough = Math.max(this.across, this.reach) / TICKS;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
    const on = (reach) => {
      const count = Math.floor(reach / step);
      return Array.from({ length: 2 * count + 1 }, (_, place) => CENTRE + (place - count) * step);
    };
    return { xs: on(this.across), ys: on(this.reach), digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  }
}

// The least reach that holds every point, in a plane of this shape.
export function reachOf(points, width, height) {
  const wide = width / height;
  let far = LEAST;
  for (const [ratio, momentum] of points) {
    far = Math.max(far, Math.abs(momentum - CENTRE), Math.abs(ratio - CENTRE) / wide);
  }
  return far * ROOM;
}

export const distance = (ratio, momentum) => Math.hypot(ratio - CENTRE, momentum - CENTRE);
