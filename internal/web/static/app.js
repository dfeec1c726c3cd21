// Draws the charts of a page from what the server says, and turns clicks and strokes on them into addresses. All else
// is links and forms, which work without it.
(() => {
  "use strict";

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const dark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && scheme.matches);
  const mounted = new Map(); // element: {chart, observer}
  let world; // a promise: the shapes of the countries are there

  const go = (url) => {
    const link = document.createElement("a");
    link.href = url;
    link.hidden = true;
    document.body.append(link);
    if (window.htmx) htmx.process(link);
    link.click();
    link.remove();
  };

  const json = async (url) => {
    const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  };

  const shapes = () => {
    world ??= json(document.body.dataset.world).then((geometry) => echarts.registerMap("world", geometry));
    return world;
  };

  // bounded keeps tips as text, which the canvas draws and never the document, and a legend within a small chart.
  const bounded = (option, width) => {
    option.tooltip = { ...option.tooltip, renderMode: "richText", confine: true };
    option.animation = false;
    if (option.visualMap && width < 640) {
      option.visualMap = { ...option.visualMap, itemGap: 5, itemWidth: 11, itemHeight: 9, textGap: 3, textStyle: { ...option.visualMap.textStyle, fontSize: 9 } };
    }
    for (const part of [option.geo, ...(option.series ?? [])]) {
      if (part?.roam === true) part.roam = "move"; // the wheel scrolls the page
    }
    return option;
  };

  const target = (links, event) => {
    if (!links) return undefined;
    const names = [event.name, event.data?.name];
    if (event.dataType === "edge") names.unshift(`${event.data.source} > ${event.data.target}`);
    for (const name of names) if (name !== undefined && Object.hasOwn(links, name)) return links[name];
    return undefined;
  };

  const minute = 60_000;
  const time = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 19);

  const withTimes = (page, [from, to]) => {
    const url = new URL(page, location.href);
    url.searchParams.set("from", time(Math.floor(from / minute) * minute)); // as the server counts
    url.searchParams.set("to", time(Math.ceil(to / minute) * minute));
    return url.pathname + url.search;
  };

  const stroke = { xAxisIndex: 0, brushType: "lineX", brushMode: "single", toolbox: [], transformable: false, outOfBrush: { colorAlpha: 1 }, brushStyle: { color: "rgba(52,112,168,0.18)", borderColor: "rgba(52,112,168,0.7)" } };

  // begin makes the chart of an element, which lives as long as that.
  const begin = (element, entry) => {
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.on("click", (event) => {
      const link = target(entry.drawing.links, event);
      if (link) go(link);
    });
    chart.on("brushEnd", (event) => {
      const range = event.areas[0]?.coordRange;
      if (entry.drawing.brush && range && range[1] > range[0]) go(withTimes(entry.drawing.brush, range));
    });
    entry.observer = new ResizeObserver(() => chart.resize());
    entry.observer.observe(element);
    return chart;
  };

  // drop ends a chart after the frames that it has asked for: ECharts paints in them without looking whether it is gone.
  const drop = (element) => {
    const { chart, observer } = mounted.get(element);
    mounted.delete(element);
    observer?.disconnect();
    if (chart) requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => chart.dispose(), 200)));
  };

  const draw = async (element) => {
    const entry = mounted.get(element) ?? {};
    mounted.set(element, entry);
    const url = new URL(element.dataset.chart, location.href);
    url.searchParams.set("theme", dark() ? "dark" : "light");
    try {
      const drawing = await json(url);
      if (drawing.option.geo) await shapes();
      if (!element.isConnected) return;
      entry.drawing = drawing;
      entry.chart ??= begin(element, entry);
      entry.chart.setOption({ ...bounded(drawing.option, element.clientWidth), ...(drawing.brush && { brush: stroke }) }, true);
      if (drawing.brush) entry.chart.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "lineX", brushMode: "single" } });
      element.dataset.state = "drawn";
    } catch {
      if (!element.isConnected || entry.chart) return;
      element.dataset.state = "failed";
      element.textContent = "This chart could not be drawn; the tables have the figures.";
    }
  };

  const mount = () => {
    for (const element of [...mounted.keys()]) if (!element.isConnected) drop(element);
    for (const element of document.querySelectorAll("[data-chart]")) if (!mounted.has(element)) draw(element);
  };

  let path = location.pathname;
  const arrived = () => {
    mount();
    const said = document.getElementById("said");
    if (said) said.textContent = document.title;
    if (path === location.pathname) return;
    path = location.pathname;
    scrollTo(0, 0);
    document.getElementById("content")?.focus({ preventScroll: true });
  };

  document.addEventListener("DOMContentLoaded", mount);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) globalThis.enhanceReport?.(event.detail.elt); // the first page is, already
  });
  document.addEventListener("htmx:afterSettle", arrived);
  document.addEventListener("htmx:sendError", () => {
    if (document.getElementById("silent")) return;
    const notice = document.createElement("p");
    notice.id = "silent";
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = "The server does not answer. Is sentinel serve still running?";
    document.querySelector("main").prepend(notice);
  });
  document.addEventListener("htmx:historyRestore", arrived);
  const redraw = () => [...mounted.keys()].forEach(draw);
  scheme.addEventListener("change", redraw);
  new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("filter-host")?.focus();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "question") event.target.form.requestSubmit();
  });
  root.classList.add("scripted");
})();
