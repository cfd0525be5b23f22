// Forms of the codebook: what was typed is not lost by leaving the page, and lines can be found.
"use strict";

(() => {
  const { text } = whatworks;
  let changed = false;

  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
  }
  // A form that came back with what is wrong is not kept yet either.
  if (document.querySelector("form[data-guard] [role=alert]")) changed = true;
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  const area = document.querySelector("textarea[data-text-lines]");
  if (!area) return;
  const place = document.querySelector("[data-place]");

  function show() {
    const before = area.value.slice(0, area.selectionStart).split("\n");
    place.hidden = false;
    place.textContent = text("line", { number: before.length });
  }

  function toLine(number) {
    const lines = area.value.split("\n");
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (number - 6) * height);
    show();
  }

  for (const kind of ["keyup", "click", "input"]) area.addEventListener(kind, show);
  for (const link of document.querySelectorAll("a[data-line]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); toLine(Number(link.dataset.line)); });
  }
  const wanted = Number(new URLSearchParams(location.search).get("line"));
  if (wanted > 0) toLine(wanted);
})();
