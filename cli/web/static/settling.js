// The screen of a disagreement: keys to its buttons, the time spent on it.
"use strict";

(() => {
  const root = document.getElementById("disagreement");
  if (!root) return;
  const { keys, onKey } = whatworks;
  const form = root.querySelector("form[data-settle]");
  const IDLE_MS = 60000;

  // Time spent, without the breaks.
  let spent = 0;
  let since = performance.now();
  function active() {
    const now = performance.now();
    if (!document.hidden) spent += Math.min(now - since, IDLE_MS);
    since = now;
  }
  for (const kind of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, () => { if (performance.now() - since > 500) active(); }, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) spent += Math.min(performance.now() - since, IDLE_MS); since = performance.now(); });

  form?.addEventListener("submit", () => {
    active();
    form.elements.seconds.value = (spent / 1000).toFixed(1);
  });

  function unfold(details, field) {
    if (!details) return false;
    details.open = true;
    field?.focus();
    return true;
  }

  const press = (button) => { button?.click(); return Boolean(button); };

  onKey((event, typing) => {
    const { key } = event;
    if (key === "Escape" && typing) { event.target.blur(); return true; }
    if (typing || keys.off) return false;
    if (key === "z") return press(root.querySelector("form[data-undo] button"));
    if (key === "o") return press(root.querySelector("[data-action=open]"));
    if (key === "e") return unfold(root.querySelector(".own-answer"), root.querySelector("input[name=labels]"));
    if (key === "t") return unfold(root.querySelector(".own-answer"), root.querySelector(".picker input"));
    if (key === "k") return unfold(root.querySelector("details.comment"), root.querySelector("textarea"));
    if (key === "r") return press(root.querySelector("button[value=none]"));
    const same = { j: "n", l: "p" }[key] ?? key;
    return press(root.querySelector(`[data-key="${CSS.escape(same)}"]`));
  });

  if (form) whatworks.picker.attach(form);
  root.querySelector(".passage")?.focus({ preventScroll: true });
})();
