(() => {
  "use strict";

  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (text) => { const status = document.querySelector(".said"); if (status) status.textContent = text; };
  const make = (name, className, text) => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  };

  // Pages of a disk may have no storage; then the choice lasts as long as the page.
  const remembered = () => { try { return localStorage.getItem("sentinel-theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("sentinel-theme", theme); } catch { /* nothing to do */ } };

  const choose = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme;
    for (const button of all(".theme button")) button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
  };

  const themes = () => {
    for (const group of all(".theme")) group.hidden = false;
    for (const button of all(".theme button")) {
      button.addEventListener("click", () => { choose(button.dataset.theme); remember(button.dataset.theme); });
    }
    choose(remembered() || "auto");
  };

  // A cell sorts by its value where it has one; what has none stays last.
  const keyOf = (cell) => {
    const text = cell.textContent;
    const given = cell.dataset.v ?? (text === "–" ? "" : text);
    const number = Number(given);
    return { text: given.toLowerCase(), number, numeric: given !== "" && !Number.isNaN(number), empty: given === "" };
  };

  const order = (a, b) => {
    if (a.numeric && b.numeric) return a.number - b.number;
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  };

  const sortBy = (table, at, direction) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, key: keyOf(row.cells[at]) }));
    rows.sort((a, b) => {
      if (a.key.empty !== b.key.empty) return a.key.empty ? 1 : -1;
      return (direction === "ascending" ? 1 : -1) * order(a.key, b.key) || a.place - b.place;
    });
    body.append(...rows.map(({ row }) => row));
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = make("button", "", head.textContent);
      button.type = "button";
      head.textContent = "";
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const direction = head.getAttribute("aria-sort") === first ? other : first;
        for (const each of heads) each.setAttribute("aria-sort", each === head ? direction : "none");
        sortBy(table, at, direction);
        show(table);
        say(`sorted by ${button.textContent}, ${direction}`);
      });
    });
  };

  // A long table shows its first rows, and all that a search finds.
  const show = (table) => {
    const rows = [...table.tBodies[0].rows];
    const wanted = (table.dataset.wanted || "").toLowerCase();
    const most = wanted || table.dataset.open ? Infinity : Number(table.dataset.folded || Infinity);
    let found = 0;
    for (const row of rows) {
      const like = !wanted || row.textContent.toLowerCase().includes(wanted);
      if (like) found++;
      row.classList.toggle("unlike", !like);
      row.classList.toggle("beyond", like && found > most);
    }
    tell(table, rows.length, found, Math.min(found, most));
  };

  const tell = (table, total, found, shown) => {
    const foot = table.closest(".sheet")?.querySelector(".rows");
    if (!foot) return;
    foot.classList.toggle("searched", Boolean(table.dataset.wanted));
    foot.querySelector("span").textContent = table.dataset.wanted ? `${found} of ${total} rows match` : `${shown} of ${total} rows`;
    const button = foot.querySelector("button");
    button.hidden = Boolean(table.dataset.wanted);
    button.textContent = table.dataset.open ? "Show fewer" : `Show all ${total}`;
    button.setAttribute("aria-expanded", String(Boolean(table.dataset.open)));
  };

  const folding = (table) => {
    const total = table.tBodies[0].rows.length;
    const sheet = table.closest(".sheet");
    if (!sheet || total <= Number(table.dataset.folded || Infinity)) return;
    const foot = make("div", "rows", "");
    const button = make("button", "more-rows", "");
    button.type = "button";
    button.setAttribute("aria-controls", table.id);
    button.addEventListener("click", () => {
      if (table.dataset.open) delete table.dataset.open; else table.dataset.open = "true";
      show(table);
    });
    foot.append(button, make("span", "", ""));
    sheet.append(foot);
    show(table);
  };

  const searching = (input) => {
    const table = document.getElementById(input.dataset.search);
    input.closest(".search").hidden = false;
    input.addEventListener("input", () => {
      table.dataset.wanted = input.value.trim();
      show(table);
    });
  };

  const filtering = (form) => {
    const cards = all(".card", document.getElementById(form.dataset.filter));
    const told = form.querySelector(".shown");
    const apply = () => {
      const severity = form.elements.severity.value;
      const detector = form.elements.detector.value;
      const text = form.elements.text.value.trim().toLowerCase();
      let shown = 0;
      for (const card of cards) {
        const like = (!severity || card.dataset.severity === severity) && (!detector || card.dataset.detector === detector)
          && (!text || card.textContent.toLowerCase().includes(text));
        card.classList.toggle("unlike", !like);
        if (like) shown++;
      }
      form.classList.toggle("narrowed", shown < cards.length);
      told.textContent = shown === cards.length ? `${cards.length} findings` : `${shown} of ${cards.length} findings`;
    };
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  };

  const copied = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };

  const copying = (button) => {
    const code = button.parentElement.querySelector("code");
    button.hidden = false;
    button.addEventListener("click", async () => say(await copied(code) ? "copied" : "selected; copy it with the keyboard"));
  };

  // A link to a finding that the filter hides shows it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.classList.contains("unlike")) {
      for (const form of all("form.filter")) { form.reset(); form.dispatchEvent(new Event("input")); }
      target.scrollIntoView();
    }
  };

  const current = () => {
    const links = new Map(all(".contents a[href^='#']").map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        const link = links.get(entry.target.id);
        if (!link) continue;
        link.setAttribute("aria-current", "true");
        link.closest("nav").scrollLeft = link.offsetLeft - link.closest("nav").offsetLeft - 16;
      }
    }, { rootMargin: "-20% 0px -75% 0px" });
    for (const id of links.keys()) {
      const section = document.getElementById(id);
      if (section) seen.observe(section);
    }
  };

  // What print opens, it closes again.
  const printing = () => {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = all("details:not([open])");
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of opened) details.open = false;
    });
  };

  const enhance = (within) => {
    for (const table of all("table.data", within)) {
      sortable(table);
      folding(table);
    }
    all("input[data-search]", within).forEach(searching);
    all("form.filter", within).forEach(filtering);
    all("button.copy", within).forEach(copying);
  };

  themes();
  enhance(document);
  current();
  printing();
  addEventListener("hashchange", reveal);
  globalThis.enhanceReport = enhance;
})();
