"use strict";
// Draws the charts, hands them out, and interpolates the grid. No model is computed here.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const drawn = new Map();

  function draw(place) {
    const spec = read(place.dataset.spec);
    const options = { ast: true, renderer: "svg", actions: false, logLevel: 1, loader: { target: "_blank", rel: "noopener" } };
    return vegaEmbed(place, spec, options).then((done) => {
      drawn.set(place, { view: done.view, spec });
      place.dataset.drawn = "yes";
      const svg = place.querySelector("svg");
      if (svg) { // one picture with one name; its figures stand in the table below
        svg.setAttribute("role", "img");
        svg.setAttribute("aria-label", place.closest("figure").querySelector(".said").textContent);
        for (const part of svg.children) part.setAttribute("aria-hidden", "true");
      }
      place.closest("figure").querySelector(".take").hidden = false;
    }).catch((error) => {
      place.dataset.drawn = "no";
      place.textContent = "This chart could not be drawn: " + error.message;
      throw error;
    });
  }

  function save(name, content) {
    const link = document.createElement("a");
    link.download = name;
    link.href = content;
    document.body.append(link);
    link.click();
    link.remove();
  }

  function csv(spec) {
    const rows = Object.values(spec.datasets || {}).flat();
    const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    // a cell that a spreadsheet would take for a formula is kept as text
    const cell = (value) => {
      if (value === null || value === undefined) return "";
      let text = String(value);
      if (typeof value === "string" && /^\s*[=@]|^[\t\r]|^\s*[+\-](?![\d.,\s]|$)\S*[(!]/.test(text)) text = "'" + text;
      return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    };
    return [heads.map(cell).join(","), ...rows.map((row) => heads.map((head) => cell(row[head])).join(","))].join("\n") + "\n";
  }

  function take(button) {
    const place = button.closest("figure").querySelector(".drawing");
    const { view, spec } = drawn.get(place);
    const name = place.dataset.name + "." + button.dataset.take;
    if (button.dataset.take === "csv") {
      const address = URL.createObjectURL(new Blob([csv(spec)], { type: "text/csv" }));
      save(name, address);
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    } else {
      view.toImageURL(button.dataset.take, 2).then((address) => save(name, address));
    }
  }

  function number(value) {
    if (value === 0) return "0";
    const rounded = Number(value.toPrecision(3));
    const text = Math.abs(rounded) >= 1000 ? rounded.toLocaleString("en").replaceAll(",", "\u2009") : String(rounded);
    return text.replace("-", "−");
  }

  // Multilinear interpolation between the solved points.
  function between(grid, values, at) {
    const sizes = grid.axes.map((axis) => axis.points.length);
    let total = 0;
    for (let corner = 0; corner < 1 << sizes.length; corner++) {
      let weight = 1, index = 0;
      for (let k = 0; k < sizes.length; k++) {
        const low = Math.min(Math.floor(at[k]), Math.max(sizes[k] - 2, 0));
        const part = at[k] - low;
        const up = (corner >> k) & 1;
        weight *= up ? part : 1 - part;
        index = index * sizes[k] + Math.min(low + up, sizes[k] - 1);
      }
      if (weight === 0) continue;
      if (values[index] === null) return null;
      total += weight * values[index];
    }
    return total;
  }

  // The solved values around a point.
  function corners(grid, values, at) {
    let found = [0];
    grid.axes.forEach((axis, k) => {
      const low = Math.floor(at[k]), ends = low === at[k] ? [low] : [low, low + 1];
      found = found.flatMap((index) => ends.map((end) => index * axis.points.length + end));
    });
    return found.map((index) => values[index]);
  }

  function position(axis, value) {
    for (let k = 0; k + 1 < axis.points.length; k++) {
      if (value <= axis.points[k + 1]) return Math.max(0, k + (value - axis.points[k]) / (axis.points[k + 1] - axis.points[k]));
    }
    return axis.points.length - 1;
  }

  function sliders() {
    const form = document.getElementById("sliders");
    if (!form) return;
    const grid = read("grid");
    const inputs = [...form.querySelectorAll("input[type=range]")];
    const update = () => {
      const at = inputs.map((input) => Number(input.value));
      inputs.forEach((input, k) => {
        const axis = grid.axes[k], low = Math.min(Math.floor(at[k]), Math.max(axis.points.length - 2, 0));
        const next = Math.min(low + 1, axis.points.length - 1);
        const value = axis.points[low] + (at[k] - low) * (axis.points[next] - axis.points[low]);
        const words = axis.names.length ? axis.names[Math.round(at[k])] : number(value) + " " + axis.unit;
        input.parentElement.querySelector("output").textContent = words;
        input.setAttribute("aria-valuetext", words);
      });
      for (const [key, metric] of Object.entries(grid.metrics)) {
        const value = between(grid, grid.values[key], at);
        const near = corners(grid, grid.values[key], at);
        const place = document.querySelector(`[data-metric="${key}"]`);
        if (value === null) place.textContent = "–";
        else if (metric.cap && near.some((one) => one >= metric.cap) && near.some((one) => one < metric.cap)) place.textContent = "from " + number(Math.min(...near)) + " " + metric.unit + " to none";
        else if (metric.cap && value >= metric.cap) place.textContent = "none within " + number(metric.cap) + " " + metric.unit;
        else place.textContent = number(value) + " " + metric.unit;
      }
    };
    const reset = () => { inputs.forEach((input, k) => { input.value = position(grid.axes[k], grid.axes[k].start); }); update(); };
    form.addEventListener("input", update);
    form.addEventListener("reset", (event) => { event.preventDefault(); reset(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    reset();
  }

  function theme() {
    const button = document.getElementById("theme");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
  }

  function paper() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open]):not(.wide)")];
      opened.forEach((part) => { part.open = true; });
    });
    addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));
  }

  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    target.scrollIntoView();
  }

  function drawAll(root) {
    return Promise.allSettled([...root.querySelectorAll(".drawing:not([data-drawn])")].map((place) => {
      place.dataset.drawn = "wait";
      return draw(place);
    }));
  }

  window.geoecon = { drawAll, number };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (button) take(button);
  });
  addEventListener("hashchange", reveal);
  theme();
  paper();
  sliders();
  drawAll(document).then((all) => {
    document.documentElement.dataset.ready = all.every((one) => one.status === "fulfilled") ? "yes" : "no";
    reveal();
  });
})();
