// Where a printed number comes from, in a card beside it: for the pointer and for the keyboard.
import { at, fill, make } from "./dom.js";
import { day, say } from "./frame.js";

const SEPARATOR = " · ";
const told = new WeakMap();

// The calls a page's numbers were read from; a fact's id begins with its evidence's.
export function originsOf(list) {
  return new Map((list ?? []).map((item) => [item.id, item]));
}

function lines(cell, origins) {
  const item = cell.fact ? origins.get(cell.fact.split(/[./]/)[0]) : null;
  const said = (cell.source ?? "").split(SEPARATOR).filter(Boolean).map((text) => make("p", {}, text));
  if (!item) return said;
  const known = item.known_at ? `${say("origin_known")} ${day(item.known_at)}` : null;
  return [...said, make("p", { class: "soft" }, [item.tool_name, item.server, known].filter(Boolean).join(SEPARATOR)),
    make("p", { class: "soft" }, `SHA-256 ${item.sha256.slice(0, 16)}…`)];
}

function shown(target) {
  const [cell, origins] = told.get(target), card = at("hover");
  fill(card, lines(cell, origins));
  card.hidden = false;
  const place = target.getBoundingClientRect(), size = card.getBoundingClientRect();
  const below = place.bottom + 6 + size.height < innerHeight;
  card.style.top = `${Math.max(4, below ? place.bottom + 6 : place.top - size.height - 6)}px`;
  card.style.left = `${Math.max(4, Math.min(place.left, innerWidth - size.width - 8))}px`;
}

const gone = () => { at("hover").hidden = true; };

// Lets an element tell its cell's source to the pointer; a button tells it to the keyboard too.
export function tells(element, cell, origins) {
  told.set(element, [cell, origins]);
  element.classList.add("told");
  for (const name of ["pointerenter", "focus", "click"]) element.addEventListener(name, () => shown(element));
  for (const name of ["pointerleave", "blur"]) element.addEventListener(name, gone);
  element.addEventListener("keydown", (event) => { if (event.key === "Escape") gone(); });
  return element;
}

// In a table the arrow keys go from number to number, so that the tab key passes it in one step.
export function walked(region) {
  let place = -1;
  region.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const cells = [...region.querySelectorAll(".told")];
    if (event.key === "Escape") gone();
    if (!step || !cells.length) return;
    event.preventDefault();
    cells[place]?.classList.remove("at");
    place = Math.max(0, Math.min(cells.length - 1, place + step));
    cells[place].classList.add("at");
    cells[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    shown(cells[place]);
  });
  region.addEventListener("blur", () => { region.querySelector(".at")?.classList.remove("at"); gone(); });
}
