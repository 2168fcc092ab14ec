// Where the chat stands: beside the page, or on a phone a drawer from below.
import { at } from "./dom.js";

const narrow = matchMedia("(max-width: 60rem)");
const fold = at("chat-fold"), panel = at("chat");
const isOpen = () => !document.body.classList.contains("chat-folded");

// Opens or closes it; on a phone the focus goes in and comes back.
export function place(open, { focus = false, kept = true } = {}) {
  document.body.classList.toggle("chat-folded", !open);
  fold.setAttribute("aria-expanded", String(open));
  if (kept && !narrow.matches) localStorage.setItem("chat", open ? "open" : "folded");
  if (focus) (open ? at("chat-text") : fold).focus();
}

// The panel's height ends at the window's, wherever the page is scrolled to.
function measured() {
  const top = panel.parentElement.getBoundingClientRect().top;
  panel.style.setProperty("--chat-top", `${Math.max(0, Math.round(top))}px`);
}

export function drawer() {
  const usual = () => place(!narrow.matches && localStorage.getItem("chat") !== "folded", { kept: false });
  usual();
  measured();
  narrow.addEventListener("change", usual);
  addEventListener("scroll", measured, { passive: true });
  addEventListener("resize", measured);
  fold.addEventListener("click", () => place(!isOpen(), { focus: narrow.matches }));
  at("chat-close").addEventListener("click", () => place(false, { focus: true }));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches) place(false, { focus: true });
  });
}
