// Picks themes by typing a few letters: a combobox with a list, as the ARIA practices describe it.
"use strict";

whatworks.picker = (() => {
  const { text } = whatworks;
  let themes = null;
  let count = 0;
  const attached = new WeakSet(); // no mark in the page: a card may be put away as text and come back

  const plain = (words) => words.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

  function all() {
    themes ??= [...document.querySelectorAll("#all-themes option")].map((option) => ({
      id: option.value,
      name: option.textContent,
      group: option.dataset.group,
      first: plain(option.textContent),
      words: plain([option.textContent, option.dataset.names, option.value, option.dataset.section, option.dataset.group].join(" | ")),
      goes: option.dataset.goes.split(" ").filter(Boolean),
    }));
    return themes;
  }

  function find(typed, chosenTypes) {
    const parts = plain(typed).split(/\s+/).filter(Boolean);
    const score = (theme) => {
      const fits = !theme.goes.length || !chosenTypes.length || theme.goes.some((one) => chosenTypes.includes(one));
      return (theme.first.startsWith(parts.join(" ")) ? 0 : theme.first.includes(parts[0] ?? "") ? 1 : 2) + (fits ? 0 : 3);
    };
    return all()
      .filter((theme) => parts.every((part) => theme.words.includes(part)))
      .map((theme, place) => ({ theme, place, score: score(theme) }))
      .sort((a, b) => a.score - b.score || a.place - b.place)
      .map(({ theme }) => theme);
  }

  function attach(form) {
    const input = form.querySelector(".picker input");
    if (!input || attached.has(input)) return;
    attached.add(input);
    form.querySelector(".picker ul[role=listbox]")?.remove();
    const list = document.createElement("ul");
    list.id = `themes-${++count}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label"));
    list.hidden = true;
    input.after(list);
    input.removeAttribute("list");
    input.removeAttribute("name");
    const set = (name, value) => input.setAttribute(name, value);
    set("role", "combobox");
    set("aria-autocomplete", "list");
    set("aria-controls", list.id);
    set("aria-expanded", "false");
    let active = -1;
    let offered = [];

    function close() {
      list.hidden = true;
      active = -1;
      set("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(place) {
      active = place;
      [...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === place)));
      const one = list.children[place];
      if (one?.id) { set("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    }

    function open() {
      const types = [...form.querySelectorAll("input[name=labels]:checked")].map((one) => one.value);
      offered = find(input.value, types);
      list.replaceChildren(...offered.map((theme, number) => {
        const one = document.createElement("li");
        one.id = `${list.id}-${number}`;
        one.setAttribute("role", "option");
        one.append(Object.assign(document.createElement("span"), { textContent: theme.name }));
        one.append(Object.assign(document.createElement("small"), { textContent: theme.group }));
        one.addEventListener("pointerdown", (event) => { event.preventDefault(); pick(theme); });
        return one;
      }));
      if (!offered.length) {
        const none = Object.assign(document.createElement("li"), { textContent: text("no-theme"), className: "none" });
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        list.append(none);
      }
      list.hidden = false;
      set("aria-expanded", "true");
      mark(offered.length && input.value ? 0 : -1);
    }

    function pick(theme) {
      const boxes = [...form.querySelectorAll("input[name=themes]")];
      let box = boxes.find((one) => one.value === theme.id);
      if (!box) {
        const chip = document.getElementById("chip").content.firstElementChild.cloneNode(true);
        chip.setAttribute("hx-get", chip.getAttribute("hx-get").replace("CODE", encodeURIComponent(theme.id)));
        chip.querySelector(".name").textContent = theme.name;
        box = chip.querySelector("input");
        box.value = theme.id;
        form.querySelector(".chips").append(chip);
        window.htmx?.process(chip);
      }
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      window.htmx?.trigger(box.closest("label"), "focusin");
      input.value = "";
      close();
      whatworks.review?.announce(text("added", { name: theme.name }));
    }

    input.addEventListener("input", open);
    input.addEventListener("click", open);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) { open(); return; }
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (offered.length) mark((active + step + offered.length) % offered.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (isOpen && active >= 0) pick(offered[active]);
        else if (!input.value && !event.repeat) whatworks.review?.save();
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (isOpen) { close(); input.value = ""; } else whatworks.review?.toPassage();
      }
    });
  }

  return { attach };
})();
