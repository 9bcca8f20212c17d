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
    form.dataset.sent = "1";
    const words = form.dataset.busy;
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

  // A form whose questions depend on answers, and the buttons of its rows: ask the server and put the new
  // questions in place, without leaving the page. Without this file the same buttons reload it.
  // getAttribute: a button named "action" hides form.action.
  const swap = async (form, button) => {
    const body = new FormData(form);
    body.delete("action");
    if (button) body.set(button.name, button.value);
    for (const [key, value] of [...body]) if (value instanceof File && !value.size) body.delete(key);
    const sent = form.enctype === "multipart/form-data" ? body : new URLSearchParams(body);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = fresh.querySelector(".lf-form");
    if (!now) return form.submit();
    const focused = document.activeElement && document.activeElement.id;
    const old = new Set([...document.querySelectorAll(".lf-form [id]")].map((one) => one.id));
    document.querySelector(".lf-form").replaceWith(document.importNode(now, true));
    const revision = fresh.querySelector('[name="_revision"]');
    if (revision) form.querySelector('[name="_revision"]').value = revision.value;
    const list = fresh.getElementById("checklist");
    const shown = document.getElementById("checklist");
    if (list && shown) shown.replaceWith(document.importNode(list, true));
    const added = button && button.name === "_add"
      ? [...document.querySelectorAll(".lf-form input, .lf-form select, .lf-form textarea")]
        .find((one) => one.id && !old.has(one.id)) : null;
    const next = added || document.getElementById(focused);
    if (next) next.focus();
  };
  let going = Promise.resolve();
  const ask = (form, button) => { going = going.then(() => swap(form, button)).catch(() => form.submit()); };
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.closest("[data-lf-live]") || !field.form || field.type === "file") return;
    if (field.matches("select, [type=radio], [type=checkbox]")) ask(field.form, null);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".lf-add, .lf-remove, .lf-move, .lf-refresh");
    if (!button || !button.form || !document.querySelector(".lf-form")) return;
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
    setInterval(() => {
      left -= 1;
      if (left <= 10) {
        line.hidden = false;
        line.textContent = (document.body.dataset.idleWords || "{n}").replace("{n}", left);
      }
      if (left > 0) return;
      const out = document.querySelector('form[action="/logout"]');
      if (out) out.submit();
      else if (location.pathname !== "/") location.replace("/");
      else awake();
    }, 1000);
  }
})();
