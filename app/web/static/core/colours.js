// Makes a fixed colour legible on the card of either theme; its hue stays what it is for ever.
import { colour, onTheme } from "./chart.js";

const channels = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));
const hex = (rgb) => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
const linear = (value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);

function luminance(rgb) {
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const known = new Map();
let theme = null;
onTheme(() => { theme = null; known.clear(); });

// Returns the colour, mixed with ink only as far as the contrast with the card asks for (WCAG 2.1).
export function legible(wanted, least = 4.5) {
  theme ??= [colour("--ink"), colour("--card")].map(channels);
  const key = `${wanted} ${least}`;
  if (!known.has(key)) {
    const from = channels(wanted), [to, behind] = theme;
    let share = 0, mixed = from;
    while (contrast(mixed, behind) < least && share < 1) {
      share += 0.05;
      mixed = from.map((value, place) => value + share * (to[place] - value));
    }
    known.set(key, hex(mixed));
  }
  return known.get(key);
}
