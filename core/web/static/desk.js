// Keys for the desk: comfort only, everything is a link or a button without them.
(() => {
  "use strict";
  const switched = document.getElementById("keys-on");
  const stored = "lingban-keys";
  const read = () => { try { return localStorage.getItem(stored) !== "off"; } catch { return true; } };
  if (switched) {
    switched.checked = read();
    switched.addEventListener("change", () => {
      try { localStorage.setItem(stored, switched.checked ? "on" : "off"); } catch { /* a private window keeps nothing */ }
    });
  }
  const lines = [...document.querySelectorAll("#queue a")];
  const focusLine = (step) => {
    const here = lines.indexOf(document.activeElement);
    const from = here >= 0 ? here : lines.findIndex((one) => one.hasAttribute("aria-current"));
    const next = lines[Math.max(0, Math.min(lines.length - 1, from + step))];
    if (next) next.focus();
  };
  const reveal = (target) => {
    if (!target) return;
    const details = target.closest("details");
    if (details) details.open = true;
    target.focus();
    target.scrollIntoView({ block: "center" });
  };
  const keys = {
    j: () => focusLine(1),
    k: () => focusLine(-1),
    a: () => reveal(document.getElementById("next-move")),
    r: () => reveal(document.getElementById("reject-because")),
    "/": () => reveal(document.getElementById("find-no")),
    q: () => location.assign(document.querySelector(".case__back a") ? document.querySelector(".case__back a").href : "/admin/"),
    "?": () => {
      const help = document.getElementById("keys");
      if (!help) return;
      help.open = !help.open;
      help.querySelector("summary").focus();
      help.scrollIntoView({ block: "nearest" });
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = keys[event.key];
    if (!act || !read()) return;
    event.preventDefault();
    act();
  });
  const open = document.querySelector("#queue [aria-current]");
  if (open) {
    // Only the column scrolls to the open line, never the page.
    const column = open.closest(".split__left");
    const low = open.getBoundingClientRect().bottom;
    if (column && low > innerHeight) column.scrollTop += low - innerHeight * 0.7;
  }
})();
