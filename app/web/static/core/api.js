// Asks the server and tells its errors in its own words.
export class Refused extends Error {
  constructor(message, status) { super(message); this.status = status; }
}

async function answered(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  let said = `HTTP ${response.status}`;
  try { said = (await response.json()).error ?? said; } catch { /* not of ours */ }
  throw new Refused(said, response.status);
}

export function address(path, parameters = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  }
  return url;
}

export const get = async (path, parameters, options = {}) =>
  answered(await fetch(address(path, parameters), options));

export const send = async (method, path, body) =>
  answered(await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }));

const BREAKS = 5;

// Server-sent events; the browser reconnects with Last-Event-ID by itself. `heard` gets each with
// its number; `ends` closes it; `lost` hears that it was refused, or broke again and again without
// an event in between, and will not come back by itself.
export function follow(path, heard, ends = ["finished", "failed", "stopped"], lost = () => {}) {
  const source = new EventSource(path);
  let breaks = 0;
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED && ++breaks < BREAKS) return;
    source.close();
    lost();
  };
  source.onmessage = (message) => {
    breaks = 0;
    const told = JSON.parse(message.data);
    heard(told, Number(message.lastEventId));
    if (ends.includes(told.event)) source.close();
  };
  return source;
}
