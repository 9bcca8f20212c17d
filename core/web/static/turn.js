// At a counter: a page belongs to the client whose turn it was. Runs before anything of the page is shown; what lies
// behind 下一位 in the browser's history leads back to the desk. `history.state` holds the turn's mark and nothing else.
(() => {
  "use strict";
  const root = document.documentElement;
  const now = root.dataset.turn;
  const away = () => {
    root.hidden = true;
    history.replaceState(null, "");
    location.replace("/admin/take?past");
  };
  const was = history.state && history.state.turn;
  const [came] = performance.getEntriesByType("navigation");
  // No mark, yet come to by the back button: an address that leads elsewhere by now, as a filed draft to its case.
  const led = !was && came && came.type === "back_forward";
  if (led || (was && was !== now)) return away();
  history.replaceState({ turn: now }, "");
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    root.hidden = true;
    location.reload();
  });
})();
