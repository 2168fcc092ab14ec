// Builds elements. Texts only ever become text: nothing here parses markup.
export const at = (id) => document.getElementById(id);

const SVG = ["svg", "path", "circle", "rect", "line", "g", "text", "title", "polyline", "polygon"];

export function make(tag, attributes = {}, ...children) {
  const made = SVG.includes(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(made.style, value);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

export function fill(where, ...children) {
  (typeof where === "string" ? at(where) : where).replaceChildren(...children.flat(Infinity).filter(Boolean));
}
