// SPDX-License-Identifier: Apache-2.0
// What the page can do without: keys, and live numbers that stay so. Keys
// follow the page's own links (data-key); live parts (data-live) are taken
// from the page itself, asked for anew.
"use strict";

(() => {
  const PERIOD = 10000;
  const keys = document.getElementById("keys");

  const linkOf = (key) =>
    [...document.querySelectorAll("a[data-key]")].find(
      (link) => link.dataset.key === key,
    );

  const isTyping = (element) =>
    element.closest("input, select, textarea, [contenteditable]") !== null;

  function follow(event) {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey
        || isTyping(event.target)) {
      return;
    }
    if (key === "?" && keys) {
      keys.open = !keys.open;
      if (keys.open) {
        keys.querySelector("summary").focus();
      }
      return;
    }
    // In a region that scrolls, arrows scroll.
    if (key.startsWith("Arrow") && event.target.closest(".scroll")) {
      return;
    }
    const name = key.length === 1 ? key.toLowerCase() : key;
    const link = linkOf(name);
    if (link) {
      event.preventDefault();
      link.click();
    }
  }

  async function refresh() {
    const motion = matchMedia("(prefers-reduced-motion: reduce)");
    const parts = document.querySelectorAll("[data-live]");
    if (document.hidden || motion.matches || parts.length === 0) {
      return;
    }
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) {
        return;
      }
      const text = await answer.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      for (const part of parts) {
        const next = page.querySelector(`[data-live=${part.dataset.live}]`);
        if (next && !part.contains(document.activeElement)
            && !part.querySelector("details[open]")) {
          part.replaceChildren(...next.childNodes);
        }
      }
    } catch {
      // The server is away: what is shown stays.
    }
  }

  document.addEventListener("keydown", follow);
  if (keys) {
    keys.hidden = false;
  }
  setInterval(refresh, PERIOD);
})();
