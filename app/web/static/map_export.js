// Takes the pictures away: as PNG, to a file or the clipboard. What is drawn is what is shown.
import { colour } from "./core/chart.js";
import { make } from "./core/dom.js";

const SCALE = 2, MARGIN = 16, TITLE = 20, NOTE = 15;

// A drawing that stands by itself: the theme's variables become the colours they are now.
function alone(svg) {
  const text = new XMLSerializer().serializeToString(svg);
  return text.replace(/var\((--[\w-]+)\)/g, (_, name) => colour(name));
}

async function loaded(svg) {
  const address = URL.createObjectURL(new Blob([alone(svg)], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = address;
  try { await image.decode(); } finally { URL.revokeObjectURL(address); }
  return image;
}

// Returns the drawings below where they stand in `frame`, under a title and above notes, as a PNG.
export async function png(frame, { title, captions = [], notes = [] }) {
  const box = frame.getBoundingClientRect(), font = getComputedStyle(document.body).fontFamily;
  const images = await Promise.all([...frame.querySelectorAll("svg.rotation-map")].map(async (svg) => [svg.getBoundingClientRect(), await loaded(svg)]));
  const top = MARGIN + TITLE, wide = Math.ceil(box.width) + 2 * MARGIN;
  const canvas = make("canvas"), draws = canvas.getContext("2d");
  draws.font = `11px ${font}`;
  const lines = notes.flatMap((note) => wrapped(draws, note, wide - 2 * MARGIN));
  canvas.width = wide * SCALE;
  canvas.height = Math.ceil(top + box.height + MARGIN + lines.length * NOTE) * SCALE;
  draws.scale(SCALE, SCALE);
  draws.fillStyle = colour("--card");
  draws.fillRect(0, 0, canvas.width, canvas.height);
  const write = (text, x, y, size, ink, weight = 400, most = wide) => {
    draws.font = `${weight} ${size}px ${font}`;
    draws.fillStyle = colour(ink);
    draws.fillText(text, x, y, most);
  };
  write(title, MARGIN, MARGIN + 8, 15, "--ink", 650);
  for (const [place, image] of images) draws.drawImage(image, MARGIN + place.left - box.left, top + place.top - box.top, place.width, place.height);
  for (const caption of captions) {
    const place = caption.getBoundingClientRect();
    const parts = [...caption.childNodes].map((part) => part.textContent).filter(Boolean);
    parts.forEach((text, line) => write(text, MARGIN + place.left - box.left, top + place.top - box.top + 13 + line * 16, 12, line ? "--soft" : "--ink", line ? 400 : 600, place.width));
  }
  lines.forEach((line, place) => write(line, MARGIN, top + box.height + 12 + place * NOTE, 11, "--soft"));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function wrapped(draws, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (draws.measureText(longer).width > width && lines.at(-1)) lines.push(word); else lines[lines.length - 1] = longer;
  }
  return lines;
}

export function saved(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// Tells whether the browser let it happen.
export async function copied(blob) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    return true;
  } catch { return false; }
}
