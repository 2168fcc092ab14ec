// What the page knows before it asks: market, language, words; and its state in the address.
const read = JSON.parse(document.getElementById("frame").textContent);
export const frame = read;
export const market = read.markets.find((item) => item.id === read.universe);
export const sectors = new Map(market.sectors.map((sector) => [sector.id, sector]));

export function say(key, slots = {}) {
  const said = read.words[key] ?? key;
  return said.replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);
}

const locale = read.language === "vi" ? "vi-VN" : "en-GB";
export const number = (value, digits = 1, options = {}) =>
  value === null || value === undefined
    ? "–"
    : new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...options })
        .format(value).replace("-", "\u2212");
export const signed = (value, digits = 1) => number(value, digits, { signDisplay: "exceptZero" });
// A part of a score, served in points, in hundredths of a point as the report prints it.
export const HUNDREDTHS = 100;
export const contributed = (points) => signed(points === null ? null : HUNDREDTHS * points);
export const percent = (fraction, digits = 1) =>
  fraction === null || fraction === undefined ? "–" : `${number(100 * fraction, digits)} %`;
export const day = (text) =>
  text ? new Intl.DateTimeFormat(locale, read.language === "vi"
    ? { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }
    : { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })
      .format(new Date(`${text.slice(0, 10)}T00:00:00Z`)) : "–";
export const month = (text) =>
  new Intl.DateTimeFormat(locale, { month: read.language === "vi" ? "2-digit" : "short", year: "numeric", timeZone: "UTC" })
    .format(new Date(`${text.slice(0, 10)}T00:00:00Z`));

// State lives in the address, so that every view has a permalink.
export const stated = (name, otherwise = null) =>
  new URL(location).searchParams.get(name) ?? otherwise;

export function keep(changes) {
  const url = new URL(location);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, "", url);
}

export function go(changes) {
  keep(changes);
  location.reload();
}

// What every request of the page says of the market it shows.
export const asked = (extra = {}) => ({ as_of: read.as_of, lang: read.language, ...extra });
export const place = (path) => `/api/universes/${read.universe}/${path}`;
