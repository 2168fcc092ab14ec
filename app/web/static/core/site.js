// What every page has: market and language choosers, theme.
import { at } from "./dom.js";
import { go } from "./frame.js";

const root = document.documentElement;
const told = () => document.dispatchEvent(new Event("theme"));

at("universe").addEventListener("change", (event) => go({ universe: event.target.value, benchmark: null, sectors: null }));
at("as-of").addEventListener("change", (event) => go({ as_of: event.target.value }));
at("language").addEventListener("click", (event) => go({ lang: event.currentTarget.dataset.other }));
at("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  told();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", told);
