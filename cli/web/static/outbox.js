// Decisions on their way to the server. Each is written down in the browser before it is sent, and
// taken out when the server says that it is saved: what cannot be sent is kept, and sent again.
"use strict";

whatworks.outbox = (() => {
  const { text, many } = whatworks;
  const { site, person } = document.body.dataset;
  const prefix = `whatworks:${site}:${person}:`;
  const box = document.getElementById("outbox");
  const listeners = [];
  const unkept = new Map(); // where the browser has no room: at least as long as the page is open
  let sending = false;
  let timer = 0;
  let wait = 1000;
  let failing = false;
  let loggedOut = false;
  let csrf = document.body.dataset.csrf;

  function entries() {
    const found = new Map(unkept);
    try {
      for (let n = 0; n < localStorage.length; n++) {
        const name = localStorage.key(n);
        if (!name.startsWith(prefix)) continue;
        try { found.set(name, JSON.parse(localStorage.getItem(name))); } catch { /* not ours */ }
      }
    } catch { /* no storage here */ }
    return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => ({ ...entry, name }));
  }

  function write(entry) {
    const { name, ...rest } = entry;
    try {
      localStorage.setItem(name, JSON.stringify(rest));
      unkept.delete(name);
    } catch {
      unkept.set(name, rest);
    }
  }

  function remove(entry) {
    unkept.delete(entry.name);
    try { localStorage.removeItem(entry.name); } catch { /* was not kept */ }
    show();
  }

  // fields: pairs of names and values, without the token of the page.
  function add(passage, url, fields) {
    const key = new URLSearchParams(fields).get("key");
    const order = `${Date.now().toString().padStart(15, "0")}-${String(performance.now()).padStart(20, "0")}`;
    const entry = { name: `${prefix}${order}-${key}`, passage, url, fields, key };
    write(entry);
    window.setTimeout(show, 1500);
    flush();
    return entry;
  }

  const waiting = () => entries().filter((entry) => !entry.trouble);
  const troubled = () => entries().filter((entry) => entry.trouble);

  function on(listener) { listeners.push(listener); }
  function tell(kind, entry, reply) { for (const one of listeners) one(kind, entry, reply); }

  async function flush() {
    if (sending) return;
    sending = true;
    window.clearTimeout(timer);
    try {
      for (let next = waiting()[0]; next; next = waiting()[0]) {
        if (!(await send(next))) {
          failing = true;
          tell("unsent", next, {});
          timer = window.setTimeout(flush, wait);
          wait = Math.min(2 * wait, 30000);
          return;
        }
        wait = 1000;
        if (failing && waiting().length === 0) said(text("saved"));
        failing = waiting().length > 0 && failing;
      }
    } finally {
      sending = false;
      show();
    }
  }

  async function post(entry, headers) {
    const abort = new AbortController();
    const late = window.setTimeout(() => abort.abort(), 20000);
    const body = new URLSearchParams(entry.fields).toString();
    try {
      return await fetch(entry.url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRF-Token": csrf, ...headers },
        credentials: "same-origin",
        signal: abort.signal,
        // Browsers refuse more than 64 kB, in which each letter of another script takes six or nine.
        keepalive: body.length < 60000,
      });
    } finally {
      window.clearTimeout(late);
    }
  }

  // Whether the entry needs no further sending: it is saved, or somebody has to look at it.
  async function send(entry, again = false) {
    let response;
    let reply = {};
    try {
      response = await post(entry, { Accept: "application/json" });
      if (response.headers.get("content-type")?.includes("application/json")) reply = await response.json();
    } catch {
      return false;
    }
    if (response.ok && reply.saved) {
      loggedOut = false;
      remove(entry);
      tell("saved", entry, reply);
      return true;
    }
    if (response.status === 403 && reply.forged && !again) return (await renew()) && send(entry, true);
    if (response.status === 401 || response.redirected) {
      loggedOut = true;
      return false;
    }
    if (response.ok || response.status >= 502) return false;
    if (response.status === 500 && (entry.tries ?? 0) < 3) {
      write({ ...entry, tries: (entry.tries ?? 0) + 1 });
      return false;
    }
    const trouble = reply.conflict ? "conflict" : "refused";
    write({ ...entry, trouble, why: reply.error ?? `${response.status} ${response.statusText}` });
    tell(trouble, entry, reply);
    return true;
  }

  // The app was started again since this page was made.
  async function renew() {
    try {
      const response = await fetch("/session", { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) return false;
      const reply = await response.json();
      if (reply.person !== person) { loggedOut = true; return false; }
      csrf = reply.csrf;
      document.body.dataset.csrf = csrf;
      for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
      return true;
    } catch {
      return false;
    }
  }

  // The page that the server answers with: the card again, with what is to be settled.
  async function look(entry) {
    try {
      const response = await post(entry, { "HX-Request": "true", Accept: "text/html" });
      const html = await response.text();
      if (response.ok) remove(entry);
      return { html, saved: response.ok };
    } catch {
      return null;
    }
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  let message = "";
  let clearing = 0;
  function said(words, milliseconds = 4000) {
    message = words;
    window.clearTimeout(clearing);
    clearing = window.setTimeout(() => { message = ""; show(); }, milliseconds);
    show();
  }

  // The trouble of this entry is on the screen already.
  let hushed = "";
  function hush(name) { hushed = name ?? ""; show(); }

  let shown = "";
  function show() {
    const unsent = waiting().length;
    const [first] = troubled().filter((entry) => entry.name !== hushed);
    let words = message;
    let kind = message === text("saved") ? "good" : "";
    const buttons = [];
    if (first) {
      kind = "bad";
      words = first.trouble === "conflict" ? text("conflict") : text("refused", { why: first.why });
      if (whatworks.review) buttons.push(["look", () => whatworks.review.settle(first)]);
      else buttons.push(["look", () => location.assign(`/passage/${first.passage}`)]);
      if (first.trouble === "refused") buttons.push(["discard", () => remove(first)]);
    } else if (unsent && loggedOut) {
      kind = "bad";
      words = text("login");
      buttons.push(["try", () => flush()]);
    } else if (unsent && (failing || isOld())) {
      kind = "wait";
      words = many("unsaved", unsent);
      buttons.push(["try", () => { wait = 1000; flush(); }]);
    }
    const now = `${kind}|${words}|${first?.name ?? ""}`;
    if (now === shown) return;
    shown = now;
    box.hidden = words === "";
    box.dataset.kind = kind;
    box.replaceChildren(...(words ? [Object.assign(document.createElement("span"), { textContent: words })] : []),
      ...buttons.map(([name, act]) => button(text(name), act)));
  }

  function isOld() {
    const least = (Date.now() - 1500).toString().padStart(15, "0");
    return waiting().some((entry) => entry.name.slice(prefix.length) < least);
  }

  window.addEventListener("online", () => { wait = 1000; flush(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting().length) flush(); });
  // What is just on its way arrives, or is sent by the next page.
  window.addEventListener("beforeunload", (event) => {
    if (waiting().length && (failing || loggedOut || !navigator.onLine || isOld())) event.preventDefault();
  });
  if (person) flush();
  return { add, on, look, hush, remove, waiting, troubled, said, flush, get csrf() { return csrf; } };
})();
