"use strict";
// Draws what get_rotation_map answered. Data only ever become text, numbers and checked colours.
const WIDE = 640, HIGH = 460, LEFT = 56, RIGHT = 12, TOP = 12, BOTTOM = 34, LEAST = 0.5, NODES = 9;
const QUADRANTS = { LEADING: [1, 1, "#4c9a4c"], WEAKENING: [1, -1, "#d99a3d"], LAGGING: [-1, -1, "#cc5a50"], IMPROVING: [-1, 1, "#4a86c8"] };
const at = (id) => document.getElementById(id);
const NS = at("stage").namespaceURI;
const waiting = new Map();
let next = 1, asked = {}, chosen = null, mayCall = false;

const post = (message) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
const tell = (method, params) => post({ method, params });
const ask = (method, params) => new Promise((done, failed) => {
  const id = next++;
  waiting.set(id, { done, failed });
  post({ id, method, params });
});

window.addEventListener("message", (event) => {
  const message = event.data;
  if (event.source !== window.parent || !message || message.jsonrpc !== "2.0") return;
  if (message.method) return received(message);
  const asker = waiting.get(message.id);
  if (!asker) return;
  waiting.delete(message.id);
  if (message.error) asker.failed(new Error(String(message.error.message))); else asker.done(message.result);
});

function received(message) {
  const params = message.params || {};
  if (message.method === "ui/notifications/tool-input") asked = params.arguments || {};
  if (message.method === "ui/notifications/tool-result") shown(params);
  if (message.method === "ui/notifications/tool-cancelled") said("The request was cancelled.");
  if (message.method === "ui/notifications/host-context-changed") themed(params);
  if (message.method === "ping" || message.method === "ui/resource-teardown") post({ id: message.id, result: {} });
}

function themed(context) {
  if (context.theme === "dark" || context.theme === "light") document.documentElement.dataset.theme = context.theme;
  const variables = (context.styles && context.styles.variables) || {};
  for (const [name, value] of Object.entries(variables)) {
    if (/^--[a-z0-9-]+$/.test(name) && typeof value === "string" && !/url\(/i.test(value)) document.documentElement.style.setProperty(name, value);
  }
}

function said(text) {
  at("note").textContent = text;
  at("note").hidden = !text;
}

function shown(answer) {
  const data = answer.structuredContent;
  if (answer.isError) return said("The map could not be made.");
  if (data && Array.isArray(data.rows) && data.rows.length) return drawn(data);
  const picture = (answer.content || []).find((part) => part.type === "image" && part.mimeType === "image/png");
  if (!picture) return said(data && data.gap ? `No map: ${data.gap.reason}` : "No sector has a rotation yet.");
  const image = document.createElement("img");
  image.alt = "Rotation map";
  image.src = `data:image/png;base64,${picture.data}`;
  at("picture").replaceChildren(image);
  said("");
}

function drawn(data) {
  at("title").textContent = data.title;
  at("subtitle").textContent = `${data.frequency}, as of ${data.as_of}, against ${data.benchmark_name} = 100`;
  document.title = data.title;
  at("synthetic").hidden = !data.synthetic;
  at("foot").hidden = at("table").hidden = false;
  at("frequency").hidden = !mayCall;
  for (const button of at("frequency").children) button.setAttribute("aria-pressed", String(button.dataset.frequency === data.frequency));
  asked = { ...asked, region: data.universe };
  at("picture").replaceChildren(map(data.rows));
  at("table").tBodies[0].replaceChildren(...data.rows.map(line));
  said("");
  marked();
}

function element(name, attributes, text) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

const colour = (row) => (/^#[0-9a-f]{6}$/.test(row.colour) ? row.colour : "#6b7279");
const place = (point) => [Number(point.rs_ratio_index), Number(point.rs_momentum_index)];

function path(row) {
  const tail = row.rotation.tail.filter((point) => point.period < row.rotation.period).map(place);
  return [...tail.slice(1 - NODES), place(row.rotation)];
}

function map(rows) {
  const paths = rows.map(path);
  const reach = (axis) => 1.12 * Math.max(LEAST, ...paths.flat().map((point) => Math.abs(point[axis] - 100)));
  const reaches = [reach(0), reach(1)];
  const x = (value) => LEFT + (WIDE - LEFT - RIGHT) * (0.5 + (value - 100) / (2 * reaches[0]));
  const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (0.5 - (value - 100) / (2 * reaches[1]));
  const svg = element("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": "Rotation map" });
  svg.append(...ground(reaches, x, y));
  const heads = paths.map((points) => points[points.length - 1]).map(([ratio, momentum]) => [x(ratio), y(momentum)]);
  const taken = heads.map(([across, up]) => [across - 6, up - 6, across + 6, up + 6]);
  rows.forEach((row, index) => svg.append(trail(row, paths[index], x, y, free(row.ticker, heads[index], taken))));
  return svg;
}

function ground(reaches, x, y) {
  const parts = [];
  for (const [name, [right, up, fill]] of Object.entries(QUADRANTS)) {
    const [left, top] = [Math.min(x(100), x(100 + right * reaches[0])), Math.min(y(100), y(100 + up * reaches[1]))];
    parts.push(element("rect", { x: left, y: top, width: (WIDE - LEFT - RIGHT) / 2, height: (HIGH - TOP - BOTTOM) / 2, fill, "fill-opacity": 0.1 }));
    parts.push(element("text", { x: right > 0 ? WIDE - RIGHT - 6 : LEFT + 6, y: up > 0 ? TOP + 15 : HIGH - BOTTOM - 7, "text-anchor": right > 0 ? "end" : "start" }, name));
  }
  parts.push(element("rect", { class: "frame", x: LEFT, y: TOP, width: WIDE - LEFT - RIGHT, height: HIGH - TOP - BOTTOM }));
  parts.push(element("line", { class: "axis", x1: x(100), x2: x(100), y1: TOP, y2: HIGH - BOTTOM }));
  parts.push(element("line", { class: "axis", x1: LEFT, x2: WIDE - RIGHT, y1: y(100), y2: y(100) }));
  for (const share of [-0.8, -0.4, 0, 0.4, 0.8]) {
    const [across, up] = [100 + share * reaches[0], 100 + share * reaches[1]];
    parts.push(element("text", { x: x(across), y: HIGH - BOTTOM + 14, "text-anchor": "middle" }, across.toFixed(1)));
    parts.push(element("text", { x: LEFT - 4, y: y(up) + 4, "text-anchor": "end" }, up.toFixed(1)));
  }
  parts.push(element("text", { x: WIDE - RIGHT, y: HIGH - 4, "text-anchor": "end" }, "RS-Ratio →"));
  parts.push(element("text", { x: 12, y: TOP, "text-anchor": "end", transform: `rotate(-90 12 ${TOP})` }, "RS-Momentum →"));
  return parts;
}

// Where a label is clear of heads and other labels: right, left, above, below, else further off.
function free(text, [across, up], taken) {
  const wide = 8 * text.length;
  const boxAt = ([left, low]) => [left, low - 10, left + wide, low + 2];
  const spots = [6, 18, 30, 42].flatMap((off) => [[across + 9, up + off - 2], [across - 9 - wide, up + off - 2], [across + 9, up - off + 4], [across - 9 - wide, up - off + 4], [across - wide / 2, up - off - 3], [across - wide / 2, up + off + 9]]);
  const clear = (spot) => {
    const [left, top, right, low] = boxAt(spot);
    return left > LEFT && right < WIDE - RIGHT && top > TOP && low < HIGH - BOTTOM && taken.every((box) => right < box[0] || left > box[2] || low < box[1] || top > box[3]);
  };
  const spot = spots.find(clear) || spots[0];
  taken.push(boxAt(spot));
  return spot;
}

function trail(row, points, x, y, label) {
  const group = element("g", { class: "tail", "data-sector": row.sector });
  const ink = colour(row);
  points.slice(1).forEach((point, index) => {
    const age = (index + 1) / (points.length - 1), from = points[index];
    group.append(element("line", { x1: x(from[0]), y1: y(from[1]), x2: x(point[0]), y2: y(point[1]), stroke: ink, "stroke-opacity": 0.2 + 0.7 * age, "stroke-width": 0.8 + 1.7 * age, "stroke-linecap": "round" }));
  });
  const [ratio, momentum] = points[points.length - 1];
  if (row.rotation.early_warning) group.append(element("circle", { cx: x(ratio), cy: y(momentum), r: 8, fill: "none", stroke: ink }));
  group.append(element("circle", { cx: x(ratio), cy: y(momentum), r: 4.5, fill: row.rotation.provisional ? "var(--paper)" : ink, stroke: ink, "stroke-width": 1.8 }));
  const name = element("text", { class: "name", x: label[0], y: label[1] }, row.ticker);
  name.style.fill = ink;
  group.append(name);
  group.append(element("title", {}, `${row.name} · ${row.rotation.quadrant} · RS-Ratio ${ratio.toFixed(2)} · RS-Momentum ${momentum.toFixed(2)}`));
  group.addEventListener("click", () => choose(row.sector));
  return group;
}

function line(row) {
  const made = document.createElement("tr");
  made.dataset.sector = row.sector;
  const cells = [`${row.ticker} ${row.name}`, row.rotation.quadrant, place(row.rotation)[0].toFixed(2), place(row.rotation)[1].toFixed(2), String(row.rotation.dwell_count)];
  for (const text of cells) made.insertCell().textContent = text;
  made.addEventListener("click", () => choose(row.sector));
  return made;
}

function choose(sector) {
  chosen = chosen === sector ? null : sector;
  marked();
}

function marked() {
  for (const group of document.querySelectorAll("g.tail")) group.classList.toggle("faint", chosen !== null && group.dataset.sector !== chosen);
  for (const row of at("table").tBodies[0].rows) row.classList.toggle("chosen", row.dataset.sector === chosen);
}

at("frequency").addEventListener("click", (event) => {
  const frequency = event.target.dataset.frequency;
  if (!frequency) return;
  said("Loading");
  ask("tools/call", { name: "get_rotation_map", arguments: { ...asked, frequency } }).then(shown, () => said("The host did not allow it."));
});

new ResizeObserver(() => {
  const box = document.documentElement.getBoundingClientRect();
  tell("ui/notifications/size-changed", { width: Math.ceil(box.width), height: Math.ceil(box.height) });
}).observe(document.documentElement);

ask("ui/initialize", { protocolVersion: "2026-01-26", appInfo: { name: "sectorwise-rotation-map", version: "1" }, appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] } }).then((result) => {
  themed((result && result.hostContext) || {});
  mayCall = Boolean(result && result.hostCapabilities && result.hostCapabilities.serverTools);
  tell("ui/notifications/initialized", {});
}, () => said("The host does not show MCP Apps."));
