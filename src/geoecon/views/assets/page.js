"use strict";
// Hands out pictures and words. No model is computed here and nothing is sent.
(() => {
  function save(name, content) {
    const link = document.createElement("a");
    link.download = name;
    link.href = content;
    document.body.append(link);
    link.click();
    link.remove();
  }
  // The picture that is on the screen, its colours written out, as a file of its own.
  function drawing(figure) {
    const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.getBoundingClientRect().width > 0);
    const style = getComputedStyle(document.documentElement), copy = shown.cloneNode(true);
    const box = shown.viewBox.baseVal;
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.setAttribute("font-family", "Arial, sans-serif");
    copy.setAttribute("fill", style.getPropertyValue("--ink").trim());
    const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [key, value] of [["width", box.width], ["height", box.height], ["fill", style.getPropertyValue("--bg").trim()]]) ground.setAttribute(key, value);
    copy.prepend(ground);
    const text = new XMLSerializer().serializeToString(copy).replace(/var\(--(\w+)\)/g, (all, name) => style.getPropertyValue("--" + name).trim());
    return { text, wide: box.width, high: box.height };
  }
  // How to cite a picture: tool, finding, case and day, data; on a server also the address that gives it again.
  function cited(figure) {
    const { about, version } = document.body.dataset, { title, sources } = figure.dataset;
    const said = [`The geoecon authors, geoecon ${version ?? ""}`.trim(), `“${title}”`, about, sources && `Data: ${sources}`];
    return said.filter(Boolean).join(". ").replace(/\.{2,}/g, ".") + "." + (location.protocol === "http:" ? ` ${location.pathname}${location.search}` : "");
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-take]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.take === "cite") { geoecon.copy(link, cited(link.closest("figure"))); return; }
    const { text, wide, high } = drawing(link.closest("figure"));
    const address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    if (link.dataset.take === "svg") { save(link.dataset.name + ".svg", address); return; }
    const picture = new Image();
    picture.onload = () => {
      const sheet = document.createElement("canvas");
      sheet.width = wide * 2;
      sheet.height = high * 2;
      sheet.getContext("2d").drawImage(picture, 0, 0, wide * 2, high * 2);
      save(link.dataset.name + ".png", sheet.toDataURL("image/png"));
    };
    picture.src = address;
  });
  window.geoecon = {
    // Copies text and says so on the button; without the clipboard the text is selected instead.
    async copy(button, text) {
      const before = button.textContent;
      try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Press Ctrl-C"; window.prompt("Copy:", text); }
      setTimeout(() => { button.textContent = before; }, 1500);
    },
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const kinds = { link: () => location.href, message: () => [...document.querySelectorAll("#message, #answer .lead, #answer .lead2, #answer .trust")].map((one) => one.innerText.trim()).join("\n\n") };
      const place = document.getElementById(button.dataset.copy);
      geoecon.copy(button, (kinds[button.dataset.copy] ?? (() => place.dataset.text ?? place.innerText))());
    });
  }
})();
