"use strict";
(() => {
  const NEIGHBOURS = 2;
  const form = document.getElementById("filters");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const several = (n, noun) => `${number.format(n)} ${noun}${n === 1 ? "" : "s"}`;
  const number = new Intl.NumberFormat("en");

  // Read once: the page is the data, so nothing from a report is ever run or parsed again.
  const sections = [...document.querySelectorAll("section.report")].map((element) => ({
    element,
    report: element.dataset.report,
    lines: [...element.children].filter((child) => child.matches(".p, .h")).map((line) => ({
      line,
      level: Number(line.dataset.level || 0),
      types: line.dataset.types ? line.dataset.types.split(" ") : [],
      theme: line.dataset.theme || "",
      page: line.dataset.page ? Number(line.dataset.page) : null,
      words: null,
    })),
  }));
  const all = sections.flatMap((section) => section.lines).filter((one) => one.types.length).length;
  let found = [];
  let current = -1;

  function holdsWords(one, words) {
    one.words ??= plain([...one.line.querySelectorAll(".t, .own")].map((e) => e.textContent).join(" "));
    return words.every((word) => one.words.includes(word));
  }

  function apply() {
    const data = new FormData(form);
    const only = data.get("view") === "labelled";
    const words = plain(data.get("words")).split(/\s+/).filter(Boolean);
    const types = data.getAll("type");
    const theme = data.get("theme");
    const from = Number(data.get("from")) || 0;
    const to = Number(data.get("to")) || Infinity;
    const paged = from > 0 || to < Infinity;
    const narrowed = types.length > 0 || theme !== "" || words.length > 0;
    const any = narrowed || paged || Boolean(data.get("report"));

    const inReach = (one) => !paged || (one.page !== null && one.page >= from && one.page <= to);
    const matches = (one) =>
      (one.types.length > 0 || (!only && words.length > 0 && !types.length && theme === "")) &&
      (!types.length || types.some((type) => one.types.includes(type))) &&
      (theme === "" || one.theme === theme) &&
      (!words.length || holdsWords(one, words));

    found = [];
    let others = 0;
    let shown = 0;
    for (const { element, report, lines } of sections) {
      const chosen = !data.get("report") || data.get("report") === report;
      const passages = chosen ? lines.filter((one) => !one.level && inReach(one)) : [];
      const visible = new Set();
      const hits = new Set();
      passages.forEach((one, n) => {
        const hit = matches(one);
        if (hit) {
          hits.add(one);
          if (one.types.length) found.push(one.line);
          else others += 1;
        }
        if (hit && narrowed && !only) {
          for (let k = n - NEIGHBOURS; k <= n + NEIGHBOURS; k += 1) if (passages[k]) visible.add(passages[k]);
        } else if (hit || (!narrowed && !only)) visible.add(one);
      });
      // Backwards, so that a heading knows whether anything below it is shown.
      let wanted = 0;
      for (let n = lines.length - 1; n >= 0; n -= 1) {
        const one = lines[n];
        if (one.level) {
          one.line.hidden = one.level > wanted;
          wanted = Math.min(wanted, one.level - 1);
        } else {
          one.line.hidden = !visible.has(one);
          if (!one.line.hidden) wanted = Infinity;
          one.line.classList.toggle("besides", narrowed && !hits.has(one));
          one.line.classList.toggle("hit", narrowed && hits.has(one));
        }
      }
      let skipped = false;
      let before = false;
      for (const one of lines) {
        if (one.line.hidden) skipped = before;
        else {
          one.line.classList.toggle("gap", narrowed && !only && skipped && !one.level);
          skipped = false;
          before = !one.level;
        }
      }
      element.hidden = any || only ? visible.size === 0 : false;
      shown += visible.size;
    }
    document.body.className = only ? "labelled" : "context";
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("count").textContent =
      (any ? `${number.format(found.length)} of ${number.format(all)} suggestions match` : `${several(all, "passage")} with a suggestion`) +
      (others ? `, and ${several(others, "other passage")}` : "") + ".";
    current = -1;
    for (const id of ["previous", "next"]) document.getElementById(id).disabled = !found.length;
  }

  function step(by) {
    current = current < 0 && by < 0 ? found.length - 1 : (current + by + found.length) % found.length;
    found[current].scrollIntoView({ block: "center" });
    found[current].focus({ preventScroll: true });
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("previous").addEventListener("click", () => step(-1));
  document.getElementById("next").addEventListener("click", () => step(1));
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("button.theme");
    if (!chip) return;
    form.elements.theme.value = chip.dataset.theme;
    apply();
    const article = chip.closest("article");
    (article || document.getElementById("reading")).scrollIntoView({ block: article ? "center" : "start" });
  });
  if (matchMedia("(max-width: 60rem)").matches) document.getElementById("filter-box").open = false;
  form.reset();
  apply();
})();
