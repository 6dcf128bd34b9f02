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
    for (const name of ["stage", "piece", "missing", "difference", "file", "fault", "broken", "cancelled"]) {
      source.addEventListener(name, (event) => handlers[name]?.(JSON.parse(event.data)));
    }
    source.addEventListener("end", (event) => { source.close(); handlers.end?.(JSON.parse(event.data)); });
    return source;
  }

  function say(text) { const place = byId("state"); if (place && place.textContent !== text) place.textContent = text; }

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
      const { draws = 0, seed = 0, cutoff = null, ...rest } = found;
      return { case: key, scenario: rest, draws: Number(draws), seed: Number(seed), cutoff };
    };
    const words = () => {
      for (const field of form.querySelectorAll("input[type=range]")) {
        field.parentElement.querySelector("output").textContent = geoecon.number(Number(field.value)) + " " + field.dataset.unit;
        field.setAttribute("aria-valuetext", field.parentElement.querySelector("output").textContent);
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
    const strip = new Map();
    const headlines = () => {
      byId("headlines").replaceChildren(...[...strip.values()].map(([label, amount, band]) => {
        const item = document.createElement("li");
        for (const [kind, text] of [["label", label], ["value", amount], ["band", band]]) {
          if (!text) continue;
          const part = document.createElement("span");
          part.className = kind;
          part.textContent = text;
          item.append(part);
        }
        return item;
      }));
    };

    async function solve() {
      words();
      links();
      following?.close();
      const before = running;
      running = null;
      if (before) ask(`/api/jobs/${before}/cancel`).catch(() => {});
      for (const stage of document.querySelectorAll(".stage")) stage.dataset.old = "yes";
      since = performance.now();
      say("asking");
      let job;
      try {
        job = await ask("/api/run", split());
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
        piece(data) {
          const stage = byId("stage-" + data.stage);
          stage.innerHTML = data.html; // made by this server, escaped there
          stage.dataset.old = "no";
          if (data.headline) { strip.set(data.stage, data.headline); headlines(); }
          geoecon.drawAll(stage);
        },
        missing(data) {
          const stage = byId("stage-" + data.stage), told = document.createElement("p");
          told.className = "missing";
          told.textContent = `Not run: ${data.stage} lacks ${data.reason}.`;
          stage.replaceChildren(told);
          stage.dataset.old = "no";
          strip.delete(data.stage);
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
      for (const field of form.elements) if (field.name && field.dataset.own !== undefined) field.value = field.dataset.own;
      solve();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
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
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      following?.close();
      const given = new FormData(form);
      let count = 0;
      try {
        const job = await ask("/api/diff", { case: given.get("case"), a: lines(given.get("a")), b: lines(given.get("b")) });
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
            if (data.status === "done") say("");
          },
        });
      } catch (error) { say(error.message); }
    });
  }

  document.body.addEventListener("htmx:afterSwap", (event) => geoecon.drawAll(event.target));
  const place = document.querySelector(".desk");
  if (place) desk(place);
  const form = byId("compare");
  if (form) compare(form);
})();
