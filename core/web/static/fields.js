// Comfort for single fields: signing by hand, and Enter in a search. Every field works without this file.
(() => {
  "use strict";
  const INK = "#10203a", PAPER = "#ffffff", WIDTH = 640, HEIGHT = 220;

  const signing = (box) => {
    box.dataset.ready = "1";
    const kept = box.querySelector('input[type="hidden"]');
    const typed = box.querySelector("input:not([type=hidden])");
    const shown = box.querySelector(".lf-signed");
    const { draw, again, done, label } = box.dataset;
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    canvas.className = "lf-canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label} ${draw}`);
    const line = document.createElement("p");
    line.className = "lf-hint";
    line.setAttribute("role", "status");
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "lf-again";
    clear.textContent = again;
    shown.before(line, canvas, clear);
    shown.hidden = true;

    const pen = canvas.getContext("2d");
    const blank = () => {
      pen.fillStyle = PAPER;
      pen.fillRect(0, 0, WIDTH, HEIGHT);
      pen.strokeStyle = pen.fillStyle = INK;
      pen.lineWidth = 4;
      pen.lineCap = pen.lineJoin = "round";
    };
    const say = () => {
      line.textContent = kept.value ? done : draw;
      clear.hidden = !kept.value;
    };
    const wipe = () => {
      blank();
      kept.value = "";
      say();
    };
    blank();
    if (kept.value) {
      const picture = new Image();
      picture.addEventListener("load", () => pen.drawImage(picture, 0, 0, WIDTH, HEIGHT));
      picture.src = kept.value;
    }
    say();

    const at = (event) => {
      const place = canvas.getBoundingClientRect();
      return [(event.clientX - place.left) * WIDTH / place.width, (event.clientY - place.top) * HEIGHT / place.height];
    };
    let last = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      pen.beginPath();
      pen.arc(last[0], last[1], 2, 0, 7);
      pen.fill();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      for (const one of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) {
        const next = at(one);
        pen.beginPath();
        pen.moveTo(...last);
        pen.lineTo(...next);
        pen.stroke();
        last = next;
      }
    });
    const up = () => {
      if (!last) return;
      last = null;
      kept.value = canvas.toDataURL("image/png");
      typed.value = ""; // what was done last counts
      say();
    };
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, up);
    clear.addEventListener("click", () => {
      wipe();
      typed.focus();
    });
    typed.addEventListener("input", () => { if (typed.value && kept.value) wipe(); });
  };

  const setUp = () => {
    for (const box of document.querySelectorAll("[data-lf-signature]:not([data-ready], [data-locked])")) signing(box);
  };
  setUp();
  // Questions may be drawn anew while the page stays.
  new MutationObserver(setUp).observe(document.body, { childList: true, subtree: true });

  // Enter in a search searches; anywhere else it is the form's own first button.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[name^='_find:']")) return;
    event.preventDefault();
    event.target.closest(".lf-search").querySelector("button").click();
  });
})();
