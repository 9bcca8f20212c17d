// Comfort only: every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // An error summary takes the focus, so that a screen reader starts there and the eye finds it.
  const summary = document.querySelector("[data-focus], .lf-summary");
  if (summary) summary.focus();

  // A form on its way says so, and is sent once however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method !== "post") return;
    if (waiting) {
      // A part is on its way and brings a new revision: the button counts once it is here.
      event.preventDefault();
      const by = event.submitter;
      going.finally(() => (by && by.isConnected ? by.click() : form.requestSubmit()));
      return;
    }
    form.dataset.sent = "1";
    const words = event.submitter && event.submitter.name === "_go" ? "" : form.dataset.busy;
    if (!words) return;
    form.waiting = setTimeout(() => {
      const line = document.createElement("p");
      line.className = "busy";
      line.setAttribute("role", "status");
      line.textContent = words;
      document.body.append(line);
    }, 400);
  });
  // A page that the browser kept and shows again must be able to send again.
  window.addEventListener("pageshow", (event) => {
    for (const form of document.forms) delete form.dataset.sent;
    for (const line of document.querySelectorAll(".busy")) line.remove();
    if (event.persisted && document.querySelector('form[action="/logout"]')) location.reload();
  });

  // A link that leads away from a draft in which something was typed saves it first, and goes on where it leads.
  const draft = document.getElementById("fill");
  let typed = false;
  if (draft) draft.addEventListener("input", () => { typed = true; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!typed || !link || link.target || event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const to = new URL(link.href);
    const here = to.pathname === location.pathname && to.search === location.search;
    if (to.origin !== location.origin || here) return;
    event.preventDefault();
    const go = document.createElement("button");
    Object.assign(go, { type: "submit", name: "_go", value: to.pathname + to.search, hidden: true });
    // An address of its own: a post to the page's own would take its place in the history, and 后退 would miss it.
    go.formAction = `${draft.getAttribute("action")}?away`;
    draft.append(go);
    draft.requestSubmit(go);
    if (draft.dataset.sent) go.remove();  // else it is pressed once a part on its way is here
  });

  // A form whose questions depend on answers, and the buttons of its rows: ask the server for the parts that may have
  // changed and put them in place, without leaving the page. What is typed meanwhile stays, focus and scroll too.
  // Where the answer does not come, nothing on the page is touched. Without this file the same buttons reload it.
  const WAIT = 15000;
  const region = document.querySelector('main [data-part="fields"]');
  const words = (name) => region.dataset[name] || "";
  const live = document.createElement("p");
  live.className = "update";
  live.setAttribute("role", "status");
  if (region) region.before(live);
  const told = (text, failed) => {
    live.classList.toggle("update--failed", Boolean(failed));
    live.textContent = text;
  };
  const fields = () => [...document.querySelectorAll(".lf-form input, .lf-form select, .lf-form textarea")]
    .filter((one) => one.name && one.type !== "hidden");
  const kept = (one) => (one.matches("[type=radio], [type=checkbox]") ? one.checked : one.value);
  const mark = (one) => `${one.name}\n${one.matches("[type=radio], [type=checkbox]") ? one.value : ""}`;
  const values = () => new Map(fields().filter((one) => one.type !== "file").map((one) => [mark(one), kept(one)]));

  const swap = async (form, button) => {
    const sent = values();
    const body = new FormData(form);
    body.delete("action");
    for (const [key, value] of [...body]) if (value instanceof File) body.delete(key);
    if (button) body.set(button.name, button.value);
    body.append("action", "part");
    const slow = setTimeout(() => told(words("updating")), 400);
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), WAIT);
    let fresh;
    try {
      // getAttribute: a button named "action" hides form.action.
      const answer = await fetch(form.getAttribute("action"),
        { method: "POST", body: new URLSearchParams(body), signal: stop.signal });
      if (!answer.ok) throw new Error(answer.status);
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.querySelector('[data-part="fields"] .lf-form')) throw new Error("no part");
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
    }
    const before = document.activeElement;
    const focus = before && before.id;
    const held = before && before.name ? mark(before) : "";
    const caret = before && "selectionStart" in before ? [before.selectionStart, before.selectionEnd] : null;
    const old = new Set(fields().map((one) => one.id));
    const now = values();
    const top = before && before.getBoundingClientRect ? before.getBoundingClientRect().top : 0;
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const place = document.querySelector(`main [data-part="${part.dataset.part}"]`);
      if (!place) continue;
      // An alert that says the same is not said again.
      if (part.dataset.part === "summary" && place.innerHTML === part.innerHTML) continue;
      const files = new Map([...place.querySelectorAll("input[type=file]")].map((one) => [one.id, one]));
      place.replaceChildren(...document.importNode(part, true).childNodes);
      for (const one of place.querySelectorAll("input[type=file]")) if (files.has(one.id)) one.replaceWith(files.get(one.id));
    }
    const wrong = region.dataset.wrong;
    if (!document.querySelector(".lf-summary, .error-summary") && document.title.startsWith(wrong)) {
      document.title = document.title.slice(wrong.length);
    }
    for (const name of ["_revision", "_was"]) {
      const given = fresh.querySelector(`[name="${name}"]`);
      const here = form.querySelector(`[name="${name}"]`);
      if (given && here) here.value = given.value;
    }
    // Typed or ticked while the answer was on its way: a button may have renumbered rows, then the server's word holds.
    if (!button) {
      for (const one of fields()) {
        const key = mark(one);
        if (one.type === "file" || !sent.has(key) || !now.has(key) || sent.get(key) === now.get(key)) continue;
        if (one.matches("[type=radio], [type=checkbox]")) one.checked = now.get(key);
        else one.value = now.get(key);
      }
    }
    const added = fields().filter((one) => one.id && !old.has(one.id));
    // By its name: an id goes to whichever list of several is the last, and the keyboard would jump there with it.
    const same = (held && fields().find((one) => mark(one) === held)) || (focus && document.getElementById(focus));
    const next = (button && button.name === "_add" && added[0]) || same;
    if (next && next !== document.activeElement) {
      next.focus({ preventScroll: true });
      if (caret && next === same && caret[0] !== null) {
        try { next.setSelectionRange(...caret); } catch { /* not a text box */ }
      }
      if (!added.includes(next)) window.scrollBy(0, next.getBoundingClientRect().top - top);
      else next.scrollIntoView({ block: "nearest" });
    }
    told(added.length && !button ? words("more") : "");
  };
  let going = Promise.resolve();
  let waiting = 0;
  const ask = (form, button) => {
    waiting += 1;
    region.setAttribute("aria-busy", "true");
    going = going.then(() => swap(form, button)).catch(() => told(words("failed"), true)).finally(() => {
      waiting -= 1;
      if (!waiting) region.removeAttribute("aria-busy");
    });
  };
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!region || !region.contains(field)) return;
    if (field.closest("[data-lf-live]") && field.form && field.type !== "file") ask(field.form, null);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".lf-add, .lf-remove, .lf-move, .lf-refresh");
    if (!button || !button.form || !region || !region.contains(button)) return;
    event.preventDefault();
    ask(button.form, button);
  });

  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

  // Kiosk: whoever walks away leaves nothing behind. The last ten seconds are counted in words.
  const idle = Number(document.body.dataset.idle);
  if (idle) {
    let left = idle;
    const line = document.createElement("p");
    line.className = "idle";
    line.hidden = true;
    line.setAttribute("role", "alert");
    document.body.append(line);
    const awake = () => { left = idle; line.hidden = true; };
    for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, awake, { passive: true });
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 10) {
        line.hidden = false;
        line.textContent = (document.body.dataset.idleWords || "{n}").replace("{n}", left);
      }
      if (left > 0) return;
      const out = document.querySelector('form[action="/logout"]');
      if (!out && location.pathname === "/") return awake();
      clearInterval(timer); // once: a second submit would break off the first on its way
      if (out) out.submit();
      else location.replace("/");
    }, 1000);
  }
})();
