// Comfort only: every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // An error summary takes the focus, so that a screen reader starts there and the eye finds it.
  const summary = document.querySelector("[data-focus]");
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
