// Polling while the page is looked at, the keyboard, the menu. Everything works without it, by reloading.
(() => {
  "use strict";

  // Nobody's reading or typing is disturbed: open folds, typed text and selected text stay until they are left.
  const busy = (live) => {
    const at = document.activeElement;
    return (at && live.contains(at) && at.matches("input, select, textarea"))
      || live.querySelector("details[open]") !== null
      || [...live.querySelectorAll("input")].some((one) => one.value !== one.defaultValue)
      || String(document.getSelection()) !== "";
  };

  let polled = Date.now();
  const poll = () => {
    const live = document.querySelector("[data-poll]");
    if (!live || document.hidden || busy(live)) return;
    if (Date.now() - polled < 1000 * Number(live.dataset.poll)) return;
    polled = Date.now();
    window.htmx.trigger(live, "poll");
  };
  setInterval(poll, 1000);
  document.addEventListener("visibilitychange", poll);

  const offline = (is) => () => { document.getElementById("offline").hidden = !is; };
  for (const event of ["sendError", "responseError", "timeout"]) {
    document.addEventListener(`htmx:${event}`, offline(true));
  }
  document.addEventListener("htmx:afterOnLoad", offline(false));

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

  // Without the clipboard (a page that came without TLS) the text stays selected, to be copied by hand.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    text.focus();
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected: copy it with Ctrl+C";
    }
  });

  // Up and down go from row to row, staying in the column of the link that has the focus.
  const toRow = (link, step) => {
    const cell = link.closest("td, th");
    const row = cell && cell.closest("tbody tr");
    if (!row) return false;
    for (let next = row[step]; next; next = next[step]) {
      const same = next.cells[cell.cellIndex];
      const found = (same && same.querySelector("a")) || next.querySelector("a");
      if (found) {
        found.focus();
        return true;
      }
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    const typing = at && at.matches("input, select, textarea");
    if (event.key === "/" && !typing) {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      closeMenus(null);
    } else if (at && at.matches("a") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      if (toRow(at, step)) event.preventDefault();
    }
  });
})();
