"use strict";
// The pages of the local server: asks for results, shows them as they come, keeps the scenario in the link.
(() => {
  const byId = (id) => document.getElementById(id);
  let following = null;

  async function ask(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
    return found;
  }

  // Follows a job. The browser reconnects by itself and says which event it saw last; nothing is lost.
  function follow(job, handlers) {
    const source = new EventSource(`/api/jobs/${job}/events`);
    for (const name of ["stage", "piece", "missing", "answer", "notes", "difference", "file", "fault", "broken", "cancelled"]) {
      source.addEventListener(name, (event) => handlers[name]?.(JSON.parse(event.data)));
    }
    source.addEventListener("end", (event) => { source.close(); handlers.end?.(JSON.parse(event.data)); });
    return source;
  }

  const number = (value) => String(Number(value.toPrecision(3))).replace("-", "\u2212");
  function say(text) { const place = byId("state"); if (place && place.textContent !== text) place.textContent = text; }

  // A panel higher than the window goes along until its end is seen, then it stays.
  function keepInSight(panel) {
    const set = () => { panel.style.top = `${Math.min(12, window.innerHeight - panel.offsetHeight - 12)}px`; };
    new ResizeObserver(set).observe(panel);
    window.addEventListener("resize", set);
    set();
  }

  function desk(place) {
    const form = byId("assumptions"), key = place.dataset.case;
    let running = null, timer = 0, since = 0;

    const scenario = () => {
      const found = {};
      for (const field of form.elements) {
        if (!field.name || field.value === field.dataset.own) continue;
        if (field.type === "range" && Number(field.value) === Number(field.dataset.own)) continue;
        found[field.name] = field.value;
      }
      return found;
    };
    const split = () => {
      const found = scenario();
      const { draws = 200, seed = 0, cutoff = null, ...rest } = found;
      return { case: key, scenario: rest, draws: Number(draws), seed: Number(seed), cutoff };
    };
    const words = () => {
      for (const field of form.querySelectorAll("input[type=range]")) {
        field.closest(".sl").querySelector("output").textContent = field.dataset.unit.startsWith("share") ? `${Math.round(100 * Number(field.value))} %` : number(Number(field.value)) + " " + field.dataset.unit.split(" of ")[0];
        field.setAttribute("aria-valuetext", field.closest(".sl").querySelector("output").textContent);
      }
    };
    const links = () => {
      const query = new URLSearchParams(scenario()).toString();
      history.replaceState(null, "", query ? `?${query}` : location.pathname);
      byId("scenario-file").href = `/case/${key}/scenario.json` + (query ? `?${query}` : "");
      const lines = Object.entries(split().scenario).map(([name, value]) => `${name} = ${value}`).join("\n");
      byId("compare-link").href = "/compare?" + new URLSearchParams({ case: key, b: lines });
      for (const old of document.querySelectorAll("#save input[data-assumption]")) old.remove();
      for (const [name, value] of Object.entries(split().scenario)) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        field.dataset.assumption = "yes";
        byId("save").append(field);
      }
    };
    // The sliders in the order of what they move: four in front, the rest behind; each says what it moves.
    const order = (levers) => {
      const front = byId("front"), more = byId("more"), all = new Map([...document.querySelectorAll(".sl")].map((one) => [one.dataset.key, one]));
      for (const one of all.values()) one.querySelector(".eff").hidden = true;
      const known = levers.filter((one) => all.has(one.key) && one.size > 0);
      if (known.length === 0) return;
      const held = document.activeElement;
      for (const one of known) {
        const told = all.get(one.key).querySelector(".eff");
        told.textContent = `moves the chance of a shortage from ${one.low} to ${one.high} %`;
        told.hidden = false;
      }
      const chosen = known.slice(0, 4).map((one) => all.get(one.key));
      for (const slider of [...front.children]) if (!chosen.includes(slider)) more.prepend(slider);
      for (const slider of chosen) if (slider.parentElement !== front || front.children[chosen.indexOf(slider)] !== slider) front.append(slider);
      if (held && held !== document.activeElement) held.focus();
    };
    let ordered = false;

    async function solve() {
      words();
      links();
      following?.close();
      const before = running;
      running = null;
      if (before) ask(`/api/jobs/${before}/cancel`).catch(() => {});
      byId("answer").classList.add("old");
      since = performance.now();
      delete place.dataset.first;
      say("asking");
      let job;
      try {
        job = await ask("/api/run", { ...split(), page: true });
      } catch (error) {
        say(error.message);
        return;
      }
      running = job.job;
      byId("cancel").hidden = false;
      place.dataset.job = job.job;
      place.dataset.state = "running";
      following = follow(job.job, {
        stage(data) { byId("progress").value = data.number - 1; say(`solving ${data.stage}, ${data.number} of ${data.of}`); },
        answer(data) {
          const answer = byId("answer");
          answer.innerHTML = data.html; // made by this server, escaped there
          const further = answer.querySelector("#questions"); // below both columns; the first answer has none
          if (further) byId("rest").replaceChildren(further);
          byId("rest").classList.toggle("old", !further);
          answer.classList.remove("old");
          place.dataset.answered = data.final ? "final" : "quick";
          if (!place.dataset.first) place.dataset.first = String(performance.now() - since);
          document.title = `${data.title} – geoecon`;
          if (!ordered || data.final) { order(data.levers); ordered = true; }
        },
        notes(data) {
          for (const note of data.notes) {
            const told = document.createElement("p");
            told.className = "muted";
            told.textContent = `${note}.`;
            byId("answer").append(told);
          }
        },
        fault(data) { say(data.message); },
        broken(data) { say(data.message); },
        cancelled() { say("cancelled"); },
        end(data) {
          byId("cancel").hidden = true;
          running = null;
          place.dataset.state = data.status;
          if (data.status !== "done") return;
          byId("progress").value = byId("progress").max;
          place.dataset.took = String(performance.now() - since);
          say(`solved in ${((performance.now() - since) / 1000).toFixed(1)} s`);
        },
      });
    }

    form.addEventListener("input", () => { words(); clearTimeout(timer); timer = setTimeout(solve, 120); });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const field of form.elements) { // how many runs is no part of the what-if
        if (field.name && field.dataset.own !== undefined && !["draws", "seed"].includes(field.name)) field.value = field.dataset.own;
      }
      solve();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => { if (event.target.closest("[data-undo]")) { event.preventDefault(); form.reset(); } });
    byId("cancel").addEventListener("click", () => { if (running) ask(`/api/jobs/${running}/cancel`).catch(() => {}); });
    for (const button of document.querySelectorAll("[data-report]")) {
      button.addEventListener("click", async () => {
        const told = byId("report-state");
        told.textContent = "making the report";
        try {
          const job = await ask("/api/report", { ...split(), form: button.dataset.report });
          follow(job.job, {
            stage(data) { told.textContent = `report: ${data.stage}, ${data.number} of ${data.of}`; },
            fault(data) { told.textContent = data.message; },
            broken(data) { told.textContent = data.message; },
            file(data) {
              told.textContent = "";
              const link = document.createElement("a");
              link.href = `/jobs/${job.job}/file`;
              link.download = data.name;
              link.textContent = data.name;
              told.append("ready: ", link);
              link.click();
            },
          });
        } catch (error) { told.textContent = error.message; }
      });
    }
    solve();
  }

  function compare(form) {
    const lines = (text) => Object.fromEntries(text.split("\n").filter((line) => line.trim()).map((line) => {
      const cut = line.indexOf("=");
      if (cut < 1) throw new Error(`${line}: allowed: key = value`);
      return [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
    }));
    for (const button of document.querySelectorAll("[data-put]")) {
      button.addEventListener("click", () => {
        const side = form.elements[button.dataset.put];
        side.value = (side.value.trim() ? side.value.trim() + "\n" : "") + button.dataset.line;
        side.focus();
      });
    }
    form.elements.case.addEventListener("change", (event) => { location.href = event.target.dataset.reload + encodeURIComponent(event.target.value); });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      following?.close();
      const given = new FormData(form);
      let count = 0;
      try {
        history.replaceState(null, "", "/compare?" + new URLSearchParams({ case: given.get("case"), a: given.get("a"), b: given.get("b"), draws: given.get("draws") }));
        const job = await ask("/api/diff", { case: given.get("case"), a: lines(given.get("a")), b: lines(given.get("b")), draws: Number(given.get("draws")) });
        byId("compare-state").hidden = false;
        byId("cancel").hidden = false;
        byId("cancel").onclick = () => ask(`/api/jobs/${job.job}/cancel`).catch(() => {});
        following = follow(job.job, {
          stage(data) { byId("progress").value = count++; say(`solving ${data.stage}`); },
          fault(data) { say(data.message); },
          broken(data) { say(data.message); },
          cancelled() { say("cancelled"); },
          difference() { htmx.ajax("GET", `/jobs/${job.job}/compared`, "#answer"); },
          end(data) {
            byId("cancel").hidden = true;
            byId("progress").value = byId("progress").max;
            byId("compare-state").hidden = data.status === "done";
          },
        });
      } catch (error) { say(error.message); }
    });
  }

  const place = document.querySelector(".desk");
  if (place) desk(place);
  for (const panel of document.querySelectorAll(".right")) keepInSight(panel);
  const form = byId("compare");
  if (form) {
    compare(form);
    if (form.elements.a.value.trim() || form.elements.b.value.trim()) form.requestSubmit();  // a link gives its answer again
  }
})();
