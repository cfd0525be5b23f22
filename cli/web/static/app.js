// What every page has: texts, times, the help, keys that lead to other pages.
// The page works without it; it only makes it quicker.
"use strict";

window.whatworks = (() => {
  const texts = new Map();
  const flags = "whatworks:single-keys-off";

  function text(name, values = {}) {
    const found = texts.get(name) ?? name;
    return found.replace(/%\((\w+)\)s/g, (whole, key) => (key in values ? values[key] : whole));
  }

  function many(name, count) {
    return text(count === 1 ? `${name}-1` : `${name}-n`, { num: count.toLocaleString(document.documentElement.lang) });
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Times come in UTC; people live elsewhere.
  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const moment = new Date(time.dateTime);
      if (!Number.isNaN(moment.valueOf())) {
        time.dataset.local = "";
        time.title = time.textContent.trim();
        time.textContent = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      }
    }
  }

  function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable || target.matches(
      "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
  }

  function isControl(target) {
    return target instanceof Element && target.closest("a[href], button, summary, select, [role=option]") !== null;
  }

  // Single keys get in the way of some who speak or use a screen reader: they can be turned off.
  const keys = {
    get off() {
      try { return localStorage.getItem(flags) === "1"; } catch { return false; }
    },
    set off(value) {
      try { localStorage.setItem(flags, value ? "1" : ""); } catch { /* only not kept */ }
    },
  };

  const handlers = [];
  function onKey(handler) { handlers.push(handler); }

  let leading = 0;
  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = isTyping(event.target);
    // A key that is held down decides one passage, not all that come after it unread.
    if (event.repeat && !typing && !/^([npjl]|Tab|Arrow.*|Page.*|Home|End)$/.test(event.key)) {
      if (event.key.length === 1 && !keys.off) event.preventDefault();
      return;
    }
    if (!typing && !keys.off) {
      if (event.key === "?") { event.preventDefault(); help(); return; }
      if (Date.now() - leading < 1500) {
        leading = 0;
        const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
        if (link) { event.preventDefault(); link.click(); return; }
      }
      if (event.key === "g") { leading = Date.now(); return; }
    }
    for (const handler of handlers) {
      if (handler(event, typing)) { event.preventDefault(); return; }
    }
  }

  function help() {
    const dialog = document.getElementById("help");
    if (dialog && !dialog.open) dialog.showModal();
  }

  // A form that makes something is sent once, however often one clicks.
  let sent = new WeakSet();
  function once(event) {
    if (!event.target.matches("form[data-once]")) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  }

  // Where something may be half written the page stays; elsewhere one comes back to it.
  function loginNeeded() {
    if (document.querySelector("form[data-decide], form[data-settle], form textarea")) whatworks.outbox?.said(text("login"), 60000);
    else location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  function start() {
    const template = document.getElementById("texts");
    for (const one of template?.content.querySelectorAll("[data-text]") ?? []) texts.set(one.dataset.text, one.textContent);
    localTimes(document);
    for (const button of document.querySelectorAll("[data-action=help]")) {
      button.hidden = false;
      button.addEventListener("click", help);
    }
    const single = document.getElementById("single-keys");
    if (single) {
      single.closest("[hidden]")?.removeAttribute("hidden");
      single.checked = !keys.off;
      single.addEventListener("change", () => { keys.off = !single.checked; });
    }
    document.addEventListener("keydown", press);
    document.addEventListener("submit", once, true);
    // Gone back to from the next page, it can be sent again.
    window.addEventListener("pageshow", () => { sent = new WeakSet(); });
    document.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status === 401) loginNeeded();
    });
    document.addEventListener("htmx:afterSwap", (event) => localTimes(event.target));
    document.addEventListener("htmx:beforeHistorySave", (event) => event.preventDefault());
  }

  // Deferred scripts run in order, once the page is there.
  start();
  return { text, many, newKey, localTimes, isControl, onKey, keys, help };
})();
