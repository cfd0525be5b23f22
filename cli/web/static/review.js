// The review screen: keys to its buttons, the next passages loaded ahead, decisions through the
// outbox so that the next passage is there at once.
"use strict";

whatworks.review = (() => {
  const root = document.getElementById("review");
  const place = document.getElementById("card");
  if (!root || !place) return undefined;
  const { text, newKey, onKey, isControl, outbox } = whatworks;
  const AHEAD = 5;
  const IDLE_MS = 60000;
  const query = root.dataset.query;
  const last = document.getElementById("last");

  let ahead = []; // { id, html }
  let ended = false;
  let loading = null;
  let settling = null; // the entry of the outbox whose trouble is on the screen
  let stuck = ""; // the passage that is decided, but nothing could be loaded after it
  const seen = new Map(); // passage to what it looked like when it was decided
  const sent = new WeakSet(); // forms whose decision is on its way
  const saved = new Map(); // passage to the id of the last decision that the server has of us

  const card = () => place.querySelector("article.card");
  const form = () => place.querySelector("form[data-decide]:not([data-conflict])");
  const id = () => card()?.dataset.passage ?? "";
  const find = (action) => place.querySelector(`[data-action="${action}"]`);
  const address = (passage, step = "") => `/passage/${passage}${step}${query}`;
  const part = (url) => `${url}${url.includes("?") ? "&" : "?"}partial=1`;

  // --- time spent, without the breaks ---------------------------------------------------------
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
  function seconds() { active(); return (spent / 1000).toFixed(1); }

  // --- showing --------------------------------------------------------------------------------
  function announce(words) {
    const spoken = document.getElementById("spoken");
    if (spoken) spoken.textContent = words;
  }

  function show(html, { push = true, focus = true } = {}) {
    place.innerHTML = html;
    window.htmx?.process(place);
    const now = card();
    settling = null;
    outbox.hush("");
    stuck = "";
    spent = 0;
    since = performance.now();
    progress(place.querySelector("[data-total]")?.dataset);
    if (now) {
      document.title = `${now.dataset.title} · whatworks`;
      if (push) history.pushState({}, "", address(now.dataset.passage, place.querySelector("[data-reveal]") ? "/reveal" : ""));
      const known = saved.get(now.dataset.passage);
      const field = form()?.elements.seen;
      if (field && known && Number(field.value || 0) < known) field.value = known;
    }
    prepare();
    if (window.scrollY > place.offsetTop) window.scrollTo(0, Math.max(0, place.offsetTop - 8));
    if (focus) toPassage();
    prefetch();
  }

  // The card with what was ticked and written: of these a page as text has only how they began.
  function asText() {
    for (const box of place.querySelectorAll("input[type=checkbox]")) box.toggleAttribute("checked", box.checked);
    for (const field of place.querySelectorAll("textarea")) field.textContent = field.value;
    return place.innerHTML;
  }

  function prepare() {
    whatworks.localTimes(place);
    const now = form();
    if (now) {
      whatworks.picker.attach(now);
      for (const box of now.querySelectorAll("input[name=themes]")) box.dataset.first ??= String(box.checked);
      label();
    }
  }

  function toPassage() {
    const target = place.querySelector("[data-autofocus]") ?? place.querySelector(".passage") ?? place.querySelector("h1");
    if (target && !target.hasAttribute("tabindex") && target.tagName === "H1") target.tabIndex = -1;
    target?.focus({ preventScroll: true });
  }

  function progress(data) {
    if (!data) return;
    const { done, total } = data;
    const language = document.documentElement.lang;
    root.querySelector("[data-progress]").textContent = Number(total) === 0 ? "" : text("progress", {
      done: Number(done).toLocaleString(language), total: Number(total).toLocaleString(language),
    });
    root.querySelector("[data-part]").setAttribute("width", total > 0 ? (100 * done) / total : 0);
  }

  // The button says what will be saved.
  function label() {
    const now = form();
    if (!now) return;
    const types = [...now.querySelectorAll("input[name=labels]")];
    const themes = [...now.querySelectorAll("input[name=themes]")];
    const some = types.some((box) => box.checked);
    now.querySelector(".themes").classList.toggle("off", !some);
    const isSuggestion = now.elements.suggestion_id && [...types, ...themes].every(
      (box) => (box.checked && (some || box.name === "labels")) === box.hasAttribute("data-suggested"));
    const name = isSuggestion ? (some ? "confirm" : "confirm-none") : some || !now.elements.suggestion_id ? (now.elements.suggestion_id ? "save-changes" : "save") : "save-none";
    now.querySelector("[data-label]").textContent = text(name);
  }

  function trouble(words) {
    const line = form()?.querySelector(".trouble");
    if (line) line.textContent = words;
  }

  // --- deciding -------------------------------------------------------------------------------
  function fieldsOf(now, verdict) {
    const data = new FormData(now);
    if (verdict) data.set("verdict", verdict);
    if (verdict === "save" && !data.getAll("labels").length && !data.getAll("themes").length) data.set("verdict", "reject");
    data.delete("csrf");
    data.delete("theme");
    data.set("key", newKey());
    const before = outbox.waiting().filter((entry) => entry.passage === id());
    if (before.length) data.set("seen", `key:${before[before.length - 1].key}`);
    return data;
  }

  async function decide(now, verdict) {
    if (stuck === id() || sent.has(now)) return;
    const comment = now.elements.comment;
    if (comment?.tagName === "TEXTAREA" && comment.value.length > Number(comment.dataset.most)) {
      const number = (value) => Number(value).toLocaleString(document.documentElement.lang);
      trouble(text("too-long", { num: number(comment.value.length), most: number(comment.dataset.most) }));
      now.querySelector("details.comment").open = true;
      comment.focus();
      return;
    }
    // Where nothing was suggested, an Enter too much must not say that there is no finding.
    if (verdict === "save" && !now.elements.suggestion_id && !now.querySelector("input:checked")) {
      trouble(text("needs-answer"));
      return;
    }
    const data = fieldsOf(now, verdict);
    if (data.get("verdict") === "save" && !data.getAll("labels").length) {
      trouble(text("needs-type"));
      now.querySelector("input[name=labels]")?.focus();
      return;
    }
    data.set("seconds", seconds());
    const passage = id();
    const hides = card().hasAttribute("data-hidden");
    if (settling) outbox.remove(settling);
    settling = null;
    seen.set(passage, asText());
    sent.add(now);
    const entry = outbox.add(passage, now.getAttribute("action"), [...data].filter(([, value]) => typeof value === "string"));
    last.querySelector("form")?.remove();
    for (const one of now.querySelectorAll("button")) one.disabled = true;
    const reply = hides ? await answered(entry) : null;
    if (reply?.reveal && id() === passage) await open(reply.reveal);
    // Whatever went wrong on the way: what is saved or kept is no reason to stay.
    if (id() === passage && !place.querySelector("[data-reveal]")) advance();
  }

  // What the server said to an entry, or null when it cannot be sent now or takes too long.
  function answered(entry) {
    return new Promise((resolve) => {
      waiters.set(entry.name, resolve);
      window.setTimeout(() => resolve(null), 10000);
    });
  }
  const waiters = new Map();

  outbox.on((kind, entry, reply) => {
    waiters.get(entry.name)?.(kind === "saved" ? reply : null);
    waiters.delete(entry.name);
    if (kind !== "saved") return;
    saved.set(entry.passage, reply.saved);
    progress(reply);
    if (!outbox.waiting().length) {
      last.innerHTML = reply.last;
      whatworks.localTimes(last);
    }
    if (stuck && stuck === id() && !unsent().includes(stuck)) advance();
    const field = id() === entry.passage ? form()?.elements.seen : null;
    if (field && Number(field.value || 0) < reply.saved) field.value = reply.saved;
    prefetch();
  });

  async function undo() {
    const [newest] = outbox.waiting().slice(-1);
    const now = last.querySelector("form[data-undo]");
    if (newest && new URLSearchParams(newest.fields).get("verdict") !== "undo") {
      const fields = [["verdict", "undo"], ["key", newKey()], ["seen", `key:${newest.key}`]];
      const entry = outbox.add(newest.passage, newest.url, fields);
      const reply = await Promise.race([answered(entry), new Promise((go) => window.setTimeout(() => go(null), 700))]);
      return back(newest.passage, reply);
    }
    if (!now) { announce(text("nothing-to-undo")); return outbox.said(text("nothing-to-undo")); }
    const passage = now.dataset.undo;
    const fields = [["verdict", "undo"], ["key", newKey()], ["seen", now.elements.seen.value]];
    now.remove();
    const entry = outbox.add(passage, now.getAttribute("action"), fields);
    return back(passage, await answered(entry));
  }

  async function back(passage, reply) {
    const now = card();
    if (now && now.dataset.passage !== passage && !ahead.some((one) => one.id === now.dataset.passage) && !place.querySelector("[data-reveal]")) {
      ahead.unshift({ id: now.dataset.passage, html: asText() });
    }
    ahead = ahead.filter((one) => one.id !== passage);
    ended = false;
    if (reply && (await open(address(passage)))) { announce(text("undone")); return; }
    if (seen.has(passage)) show(seen.get(passage));
  }

  // --- moving ---------------------------------------------------------------------------------
  async function get(url) {
    const abort = new AbortController();
    const late = window.setTimeout(() => abort.abort(), 8000);
    try {
      const response = await fetch(part(url), { headers: { "HX-Request": "true", Accept: "text/html" }, credentials: "same-origin", signal: abort.signal });
      if (response.status === 204) return { html: "", id: "", isEnd: true };
      if (!response.ok || response.redirected) return null;
      const html = await response.text();
      const page = new DOMParser().parseFromString(html, "text/html");
      return { html, id: page.querySelector("[data-passage]")?.dataset.passage ?? "", isEnd: page.querySelector("[data-end]") !== null };
    } catch {
      return null;
    } finally {
      window.clearTimeout(late);
    }
  }

  async function open(url) {
    const found = await get(url);
    if (!found?.html) return false;
    show(found.html);
    return true;
  }

  const unsent = () => outbox.waiting().map((entry) => entry.passage);
  function avoiding(from) {
    const avoid = [...new Set([...ahead.map((one) => one.id), id(), ...unsent()])].filter((one) => one && one !== from).slice(-60);
    const url = address(from, "/skip");
    return avoid.length ? `${url}${url.includes("?") ? "&" : "?"}avoid=${avoid.join(",")}` : url;
  }

  async function advance() {
    const from = id();
    while (ahead.length) {
      const next = ahead.shift();
      if (next.id !== from && !unsent().includes(next.id)) return show(next.html);
    }
    ended = false;
    await loading;
    if (ahead.length) return advance();
    const before = unsent();
    let found = await get(avoiding(from));
    const given = () => unsent().includes(found?.id) && !unsent().includes(from);
    if (unsent().length && (found?.isEnd || given())) {
      // What is on its way is still open for the server: it arrives first.
      for (let n = 0; n < 20 && unsent().length; n++) await new Promise((go) => window.setTimeout(go, 100));
      found = (await get(avoiding(from))) ?? found;
    }
    if (id() !== from) return undefined;
    if (found?.html && !unsent().includes(found.id)) {
      // Saved while this was on its way: the server gave it for want of another, and now knows better.
      return before.includes(found.id) ? advance() : show(found.html);
    }
    const isDecided = unsent().includes(from);
    stuck = isDecided ? from : "";
    if (found && isDecided) return undefined; // only slow: it goes on with the next that is saved
    const words = text(isDecided ? "offline-end" : "failed");
    trouble(words);
    announce(words);
    return undefined;
  }

  async function step(direction) {
    const found = await get(address(id(), `/${direction}`));
    if (found?.html) { ahead = []; ended = false; show(found.html); }
    else outbox.said(text(found?.isEnd ? `end-${direction}` : "failed"));
  }

  function prefetch() {
    if (loading || ended || ahead.length >= AHEAD || !id()) return;
    loading = (async () => {
      while (ahead.length < AHEAD && !ended && id()) {
        const from = ahead.length ? ahead[ahead.length - 1].id : id();
        const before = unsent();
        const found = await get(avoiding(from));
        if (!found) return;
        const known = !found.id || found.id === id() || ahead.some((one) => one.id === found.id)
          || before.includes(found.id) || unsent().includes(found.id);
        if (found.isEnd || known) ended = true;
        else ahead.push({ id: found.id, html: found.html });
      }
    })().finally(() => { loading = null; });
  }

  async function settle(entry) {
    const found = await outbox.look(entry);
    if (!found) return outbox.said(text("failed"));
    show(found.html);
    if (!found.saved) settling = entry;
    outbox.hush(settling?.name);
    return undefined;
  }

  // --- keys and clicks ------------------------------------------------------------------------
  function save() {
    const now = form();
    if (now) decide(now, "save");
    else find("on")?.click();
  }

  const actions = {
    save,
    reject: () => form() && decide(form(), "reject"),
    unsure: () => form() && decide(form(), "unsure"),
    skip: advance,
    on: advance,
    change: () => open(address(id())),
    keep: () => { if (settling) { outbox.remove(settling); settling = null; } advance(); },
    next: () => step("next"),
    previous: () => step("previous"),
  };

  const keys = {
    c: "save", r: "reject", u: "unsure", s: "skip", n: "next", j: "next", p: "previous", l: "previous", e: "change",
  };

  function tick(key) {
    const box = form()?.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (!box) return false;
    box.click();
    box.focus({ preventScroll: true });
    return true;
  }

  function unfold(details, focus) {
    if (!details) return false;
    details.open = !details.open || details.matches(".comment");
    if (details.open) focus?.focus();
    return true;
  }

  onKey((event, typing) => {
    const { key } = event;
    if (key === "Escape") { toPassage(); document.getElementById("filter").open = false; return true; }
    if (typing) return false;
    if (key === "Enter") {
      if (isControl(event.target) || !card()) return false;
      save();
      return true;
    }
    if (whatworks.keys.off) return false;
    if (key === "z") { undo(); return true; }
    if (!card()) return false;
    if (/^[1-9]$/.test(key)) return tick(key);
    if (key === "t") { const input = place.querySelector(".picker input"); input?.focus(); return Boolean(input); }
    if (key === "k") return unfold(place.querySelector("details.comment"), place.querySelector("textarea"));
    if (key === "w") return unfold(place.querySelector("details.why"), place.querySelector("details.why summary"));
    if (key === "f") { const filter = document.getElementById("filter"); return unfold(filter, filter.querySelector("select")); }
    if (key === "o") { find("open")?.click(); return true; }
    if (keys[key] && (find(keys[key]) || keys[key] === "save")) { actions[keys[key]](); return true; }
    return false;
  });

  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.repeat && (event.ctrlKey || event.metaKey) && form()) { event.preventDefault(); save(); }
  });

  place.addEventListener("click", (event) => {
    const target = event.target.closest("[data-action]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button || !actions[target.dataset.action]) return;
    event.preventDefault();
    // The second click of two is meant for what stood there, not for the next passage.
    if (event.detail > 1 && target.dataset.action !== "next" && target.dataset.action !== "previous") return;
    actions[target.dataset.action]();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-undo]")) { event.preventDefault(); undo(); }
    else if (event.target.matches("form[data-conflict]")) { event.preventDefault(); decide(event.target, ""); }
    else if (event.target.matches("form[data-decide]")) { event.preventDefault(); save(); }
  });

  place.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name === "labels") {
      // Without a finding type no theme is meant: those that stood there go, and come again.
      const now = box.form;
      const some = now.querySelector("input[name=labels]:checked") !== null;
      for (const theme of now.querySelectorAll("input[name=themes]")) {
        if (!some) { theme.dataset.kept = String(theme.checked); theme.checked = false; }
        else if (theme.dataset.kept) { theme.checked ||= theme.dataset.kept === "true"; delete theme.dataset.kept; }
      }
    }
    trouble("");
    label();
  });

  window.addEventListener("popstate", async () => {
    const found = await get(location.pathname + location.search);
    if (found?.html) { ahead = []; ended = false; show(found.html, { push: false }); }
    else location.reload();
  });

  prepare();
  toPassage();
  window.setTimeout(prefetch, 300);
  return { save, settle, announce, toPassage };
})();
