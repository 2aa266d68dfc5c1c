// The session page. Gradio draws the conversation and the editor; this file gives them what the server's stream says, and
// does what a person does: send, hint, pause, finish, keep drafts, save work, show the clock, hold the reader's place.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const id = new URLSearchParams(location.search).get("s") || "";
  const bar = () => $("#bar-data");
  const store = {
    get: (name) => { try { return localStorage.getItem(`rehearsal:${id}:${name}`) || ""; } catch { return ""; } },
    set: (name, value) => { try { value ? localStorage.setItem(`rehearsal:${id}:${name}`, value) : localStorage.removeItem(`rehearsal:${id}:${name}`); } catch { /* full or off */ } },
  };
  const later = (wait, run) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => run(...args), wait); }; };

  // ---------------------------------------------------------------- talking to the server
  async function call(what, body, method = "POST") {
    let reply;
    try {
      reply = await fetch(`/api/sessions/${encodeURIComponent(id)}/${what}`, {
        method, headers: { accept: "application/json", ...(body ? { "content-type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : undefined,
      });
    } catch {
      throw new Error("The server cannot be reached just now. Your text is kept here; try again in a moment.");
    }
    if (reply.status === 401) { signedOut(); throw new Error("You are signed out. Your text is kept here."); }
    const data = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Error(data.error || "That did not work. Your text is kept; try again.");
    return data;
  }
  function signedOut() {
    if ($("#signed-out")) return;
    const box = document.createElement("div");
    box.id = "signed-out"; box.className = "banner"; box.setAttribute("role", "alert");
    const link = document.createElement("a");
    link.href = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
    link.textContent = "Sign in again";
    box.append("You are signed out. Your draft is kept. ", link);
    document.body.append(box);
  }
  const note = (line, bad = false) => { const el = $("#composer-note"); if (el) { el.textContent = line; el.classList.toggle("bad", bad); } };
  const trouble = (problem) => note(problem.message, true);

  // ---------------------------------------------------------------- composer, drafts, sending once
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const key = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    store.set("key", key);
    return key;
  };
  // The key lives as long as the draft, so that a send whose reply was lost is one turn after a reload, too.
  const currentKey = () => store.get("key") || newKey();
  let sending = null;   // the message under way: a second one waits for it

  function grow(box) {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, 220) + "px";
  }
  const saveDraft = later(250, () => { const box = $("#answer"); store.set("draft", box.value); note(box.value ? "Draft kept" : ""); });

  async function send() {
    const box = $("#answer"), text = box.value.trim();
    if (!text || sending) return;   // a double Enter
    if (bar()?.dataset.speaking === "1") { note("The interviewer is still speaking. Your text is kept."); return; }
    store.set("draft", box.value);
    await deliver({ text, key: currentKey() }, () => {
      if (box.value.trim() === text) box.value = "";
      store.set("draft", box.value);
      grow(box);
    });
  }
  async function button(text) {
    await sending;
    await deliver({ text, key: newKey(), via: "button" }, () => {});
  }
  function deliver(message, delivered) {
    sending = (async () => {
      try {
        await flushWork();
        await call("say", { ...message, seen: Number(bar()?.dataset.turns || 0) });
        delivered(); newKey(); note(""); stick = true;
      } catch (problem) { trouble(problem); }
      sending = null;
    })();
    return sending;
  }
  async function simple(what) { try { await call(what); note(""); } catch (problem) { trouble(problem); } }

  // ---------------------------------------------------------------- workspace
  const texts = { code: null, notes: null, diagram: null, tests: null };   // not yet saved, by pane
  let question = null;
  async function flushWork() {
    for (const what of Object.keys(texts)) {
      const text = texts[what];
      if (text === null || !question) continue;
      texts[what] = null;
      try { await call("work", { what, question, text }); } catch (problem) { if (texts[what] === null) texts[what] = text; throw problem; }
    }
    const el = $("#code-note"); if (el) el.textContent = "Saved";
  }
  const flushSoon = later(700, () => flushWork().catch(trouble));
  function changed(what, text) {
    texts[what] = text;
    if (work && what in work) work[what] = text;
    const el = $("#code-note"); if (el) el.textContent = "";
    flushSoon();
  }
  let code = null;
  async function openQuestion(name) {
    question = name; code = null;
    if (!name) return;
    const reply = await call(`work?question=${encodeURIComponent(name)}`, null, "GET");
    if (question !== name) return;   // the interview moved on while we asked
    work = reply;
    fillPanes();
  }
  // Gradio makes a tab's content when the tab is first opened, so panes are filled whenever they appear.
  let work = null;
  function fillPanes() {
    if (!work) return;
    for (const what of ["notes", "diagram", "tests"]) {
      const el = $("#" + what);
      if (!el || el.dataset.of === question) continue;
      el.dataset.of = question;
      el.value = texts[what] ?? work[what];
      if (what === "diagram") { describe(); draw(); }
    }
    const out = $("#run-out");
    if (out && out.dataset.of !== question) { out.dataset.of = question; if (work.run) out.innerHTML = work.run; }   // escaped by the server
  }
  let panesShown = "";
  function showPanes(panes) {
    $("#main").dataset.panes = panes.join(" ");
    // Tabs of panes that this round does not have are taken out of the page's order altogether.
    const names = { code: "Code", diagram: "Diagram", notes: "Notes" };
    const tabs = [...document.querySelectorAll("#work-tabs button[role=tab]")];
    if (tabs.length < Object.keys(names).length) return;   // Gradio has not made them all yet
    panesShown = panes.join(" ");
    for (const tab of tabs) {
      const key = Object.keys(names).find((k) => names[k] === tab.textContent.trim());
      tab.hidden = !panes.includes(key);
    }
    const chosen = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    if (!chosen || chosen.hidden) tabs.find((tab) => !tab.hidden)?.click();
  }
  async function run() {
    const el = $("#run"), out = $("#run-out");
    if (!el || el.disabled) return;
    el.disabled = true; out.setAttribute("aria-busy", "true");
    const line = setInterval(async () => {   // many people, few cores: say where this run waits
      try { const place = (await call("status", null, "GET")).queue; if (place && el.disabled) out.textContent = `Waiting for a free place: number ${place} in line.`; } catch { /* the run itself will say */ }
    }, 800);
    try {
      const text = code ?? editorText();
      texts.code = null;
      const reply = await call("run", { question, text, own: $("#tests")?.value || "" });
      out.innerHTML = reply.html;   // escaped by the server
      ($(".run.bad li:has(.chip.bad)", out) || $(".run-head", out))?.scrollIntoView({ block: "nearest" });   // the verdict lies below the code
    } catch (problem) { out.textContent = problem.message; }
    clearInterval(line);
    el.disabled = false; out.removeAttribute("aria-busy");
  }

  // Gradio's editor is CodeMirror: its view gives exact text, and lets us give Python its four spaces.
  const view = () => $("#code .cm-content")?.cmTile?.view;
  const editorText = () => view()?.state.doc.toString() ?? "";
  // The colours of Gradio's editor are too pale to read (4.0 and 2.8 to 1 on white): mixed with the ink they are not,
  // in both themes.
  function inkColours() {
    for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
      let rules;
      try { rules = sheet.cssRules; } catch { continue; }
      for (const rule of rules) {
        if (!/^\.\u037c\w+$/.test(rule.selectorText || "") || !rule.style.color || rule.style.color.includes("mix")) continue;
        rule.style.color = `color-mix(in srgb, ${rule.style.color} 48%, var(--ink))`;
      }
    }
  }
  let leaving = false;
  document.addEventListener("keydown", (event) => {
    const inside = event.target instanceof Element && event.target.closest("#code .cm-content");
    if (!inside) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); event.stopPropagation(); run(); return; }
    if (event.key === "Escape") { leaving = true; return; }
    const leave = leaving && event.key === "Tab";
    if (event.key !== "Shift") leaving = false;
    if (leave) { event.stopPropagation(); return; }   // the browser moves the focus, the editor does not see the key
    const cm = view();
    if (!cm || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || cm.state.readOnly || $(".cm-tooltip-autocomplete")) return;
    const edit = { Enter: newLine, Tab: event.shiftKey ? dedent : indent, Backspace: unindent }[event.key];
    if (edit && edit(cm)) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  function replace(cm, from, to, insert, anchor = from + insert.length) {
    cm.dispatch({ changes: { from, to, insert }, selection: { anchor }, scrollIntoView: true, userEvent: "input" });
    return true;
  }
  function newLine(cm) {
    const at = cm.state.selection.main, line = cm.state.doc.lineAt(at.from), before = line.text.slice(0, at.from - line.from);
    let lead = /^ */.exec(before)[0];
    if (/:\s*(#.*)?$/.test(before)) lead += "    ";
    else if (/^\s*(return|pass|break|continue|raise)\b/.test(before)) lead = lead.slice(4);
    return replace(cm, at.from, at.to, "\n" + lead);
  }
  function lines(cm) {
    const at = cm.state.selection.main, first = cm.state.doc.lineAt(at.from).number, last = cm.state.doc.lineAt(at.to).number;
    return Array.from({ length: last - first + 1 }, (_, k) => cm.state.doc.line(first + k));
  }
  function indent(cm) {
    const at = cm.state.selection.main;
    if (at.from === at.to) {
      const column = at.from - cm.state.doc.lineAt(at.from).from;
      return replace(cm, at.from, at.to, " ".repeat(4 - (column % 4)));
    }
    cm.dispatch({ changes: lines(cm).map((line) => ({ from: line.from, insert: "    " })), userEvent: "input.indent" });
    return true;
  }
  function dedent(cm) {
    const changes = lines(cm).map((line) => ({ from: line.from, to: line.from + /^ {0,4}/.exec(line.text)[0].length })).filter((c) => c.to > c.from);
    if (changes.length) cm.dispatch({ changes, userEvent: "delete.dedent" });
    return true;
  }
  function unindent(cm) {
    const at = cm.state.selection.main, line = cm.state.doc.lineAt(at.from), before = line.text.slice(0, at.from - line.from);
    if (at.from !== at.to || !/^( {4})+$/.test(before)) return false;
    return replace(cm, at.from - 4, at.from, "");
  }

  // ---------------------------------------------------------------- diagram: text, simple arrows or Mermaid
  function mermaid() {
    const text = ($("#diagram")?.value || "").trim();
    if (!text) return "";
    if (/^(graph|flowchart|sequenceDiagram|classDiagram|stateDiagram|erDiagram)\b/.test(text)) return "```mermaid\n" + text + "\n```";
    const names = new Map(), arrows = [], out = [];
    const node = (raw) => {
      const name = raw.trim();
      if (!names.has(name)) { names.set(name, "n" + names.size); out.push(`${names.get(name)}["${name.replace(/["\\`<>#;]/g, " ")}"]`); }
      return names.get(name);
    };
    for (const line of text.split("\n")) {
      const parts = line.split(/\s*(?:-+>|→|=>)\s*/).filter((part) => part.trim());
      for (let k = 0; k + 1 < parts.length; k++) arrows.push([node(parts[k]), node(parts[k + 1])]);
      if (parts.length === 1) node(parts[0]);
    }
    // A long chain is drawn downwards: across, it would be shrunk until nobody can read it.
    const across = innerWidth >= 700 && longest(arrows, names.size) <= 4;
    out.push(...arrows.map(([from, to]) => `${from} --> ${to}`));
    return out.length ? "```mermaid\n" + inOurColours() + `flowchart ${across ? "LR" : "TB"}\n` + out.join("\n") + "\n```" : "";
  }
  // How many boxes stand in a row; at most `count`, for a diagram may go round in circles.
  function longest(arrows, count) {
    const row = {};
    for (let k = 0; k < count; k++)
      for (const [from, to] of arrows) row[to] = Math.max(row[to] ?? 1, Math.min(count, (row[from] ?? 1) + 1));
    return Math.max(1, ...Object.values(row));
  }
  // Mermaid knows no variables of CSS: it gets the colours as they are now.
  function inOurColours() {
    const probe = document.createElement("span");
    document.body.append(probe);
    const colour = (name) => {
      probe.style.color = `var(--${name})`;
      const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
      return "#" + [r, g, b].map((c) => Math.round(c).toString(16).padStart(2, "0")).join("");
    };
    const theme = { primaryColor: colour("sage-soft"), primaryBorderColor: colour("sage-mid"), primaryTextColor: colour("ink"), lineColor: colour("soft"), fontSize: "15px" };
    probe.remove();
    return `%%{init: ${JSON.stringify({ theme: "base", themeVariables: theme, flowchart: { useMaxWidth: false, rankSpacing: 30, nodeSpacing: 30, padding: 10 } })}}%%\n`;
  }
  function describe() {
    const text = $("#diagram")?.value || "", el = $("#diagram-facts");
    if (!el) return;
    const arrows = (text.match(/-+>|→|=>/g) || []).length, rows = text.split("\n").filter((l) => l.trim()).length;
    el.textContent = rows ? `${rows} line${rows === 1 ? "" : "s"}, ${arrows} arrow${arrows === 1 ? "" : "s"}` : "nothing yet";
  }
  const draw = later(500, () => $("#diagram-draw")?.click());

  // ---------------------------------------------------------------- clock: the server says how much is left
  let base = null, stamp = "", said = {};
  function tick() {
    const data = bar()?.dataset;
    if (!data || data.left === undefined) return;
    if (data.stamp !== stamp) { stamp = data.stamp; base = { left: Number(data.left), at: performance.now() }; }
    const left = base.left - (data.running === "1" ? (performance.now() - base.at) / 1000 : 0);
    const whole = Math.round(Math.abs(left)), box = $(".clock"), total = Number(data.total);
    const shown = (left < -0.5 ? "+" : "") + Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
    const text = $(".t", box);
    if (text.textContent !== shown) text.textContent = shown;
    $(".fg", box).style.strokeDashoffset = String(100 - Math.max(0, Math.min(100, (100 * left) / total)));
    box.classList.toggle("soon", left <= 300 && left >= 0);
    box.classList.toggle("over", left < 0);
    for (const [limit, words] of [[300, "5 minutes left"], [60, "1 minute left"], [0, "Time is up. Finish your thought."]])
      if (data.running === "1" && left <= limit && left > limit - 8 && !said[limit]) { said[limit] = true; $("#clock-live").textContent = words; }
  }

  // ---------------------------------------------------------------- the reader's place in the conversation
  let stick = true;
  function pin(scroller) {
    if (scroller.dataset.pinned) return;
    scroller.dataset.pinned = "1";
    scroller.tabIndex = 0;
    const atEnd = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 60;
    const away = () => { if (scroller.scrollHeight > scroller.clientHeight + 4) { stick = false; jump(); } };
    const jump = () => { const el = $("#jump"); if (el) el.hidden = stick || atEnd(); };
    scroller.addEventListener("wheel", (event) => { if (event.deltaY < 0) away(); }, { passive: true });
    scroller.addEventListener("touchmove", away, { passive: true });
    scroller.addEventListener("keydown", (event) => { if (["PageUp", "ArrowUp", "Home"].includes(event.key)) away(); });
    scroller.addEventListener("scroll", () => { if (atEnd()) stick = true; jump(); }, { passive: true });
    new MutationObserver(() => { if (stick) scroller.scrollTop = scroller.scrollHeight; jump(); }).observe(scroller, { childList: true, subtree: true, characterData: true });
    scroller.scrollTop = scroller.scrollHeight;
  }

  // ---------------------------------------------------------------- the tail: one stream says what to show
  const told = { messages: [], words: null, bar: "", side: "", code: "", question: null };
  let version = 0, drawn = -1, line = null, heard = 0, away = 0, missing = false;
  // A browser opens six connections to a server, all windows together: one that nobody sees gives its own back, and asks
  // for everything anew when it is shown. What happens meanwhile happens on the server.
  function listen() {
    line?.close(); line = null;
    if (document.hidden || missing) return;
    line = new EventSource(`/api/sessions/${encodeURIComponent(id)}/tail`);
    line.onopen = () => { told.words = null; };   // a new stream begins with everything
    line.onmessage = (event) => { heard = performance.now(); back(); take(JSON.parse(event.data)); };
    line.onerror = () => { gone(); if (line.readyState === EventSource.CLOSED) refused(); };
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !line || line.readyState === EventSource.CLOSED) listen();
  });
  function take(news) {
    if (news.gone) { notHere(); return; }
    if (news.full) { line.close(); note("The server is full just now. Your text is kept; reload in a while."); return; }
    if ("from" in news) told.messages.splice(news.from, Infinity, ...news.messages);
    if ("at" in news) told.words = news.words === null ? null : (told.words ?? "").slice(0, news.at) + news.words;
    if ("from" in news || "at" in news) version += 1;
    told.bar = news.bar ?? told.bar;
    told.side = news.side ?? told.side;
    // Said again after a lost connection: what was typed meanwhile is newer.
    if ("code" in news && news.question !== told.question) { told.question = news.question; told.code = news.code; code = null; press("code-show"); }
    if (news.over) line.close();
    show();
  }
  // A proxy's error page, a sign-in that ran out, a session that was deleted: the stream itself cannot say which.
  async function refused() {
    const status = await fetch(`/api/sessions/${encodeURIComponent(id)}/status`).then((reply) => reply.status, () => 0);
    if (status === 401) signedOut();
    else if (status === 404) notHere();
    else setTimeout(listen, 1000);
  }
  function notHere() {
    line?.close(); back(); missing = true; show();
  }
  function gone() {
    away ||= setTimeout(() => {
      const box = document.createElement("div");
      box.id = "offline"; box.className = "banner"; box.setAttribute("role", "status");
      box.textContent = "The server cannot be reached. What you sent is saved, your draft is kept; this page comes back by itself.";
      document.body.append(box);
    }, 1500);
  }
  function back() {
    if (!away) return;
    clearTimeout(away); away = 0;
    $("#offline")?.remove(); note("");
    flushSoon();
  }
  // A line can die without a word (a laptop that slept): the server says something every quarter of a minute.
  setInterval(() => { if (line?.readyState === EventSource.OPEN && performance.now() - heard > 45_000) listen(); }, 5000);

  // Gradio's parts take their value from a button that nobody sees; pressed before Gradio listens, it is pressed again.
  const wanted = new Set();
  function press(name) { wanted.add(name); pressAgain(); }
  function pressAgain() {
    for (const name of wanted) document.getElementById(name)?.click();
    if (wanted.size) setTimeout(pressAgain, 60);
  }
  function conversation() {
    wanted.delete("chat-show"); drawn = version;
    const all = told.words === null ? told.messages : [...told.messages, { role: "assistant", content: told.words }];
    return [all.map((m) => ({ role: m.role, metadata: m.metadata ?? null, options: null, content: [{ type: "text", text: m.content }] }))];
  }
  function show() {
    const slot = $("#bar-slot");
    if (!slot) return;
    if (missing) slot.replaceChildren($("#no-session").content.cloneNode(true));
    else { put(slot, told.bar); put($("#side-slot"), told.side); }
    if (drawn !== version && !wanted.has("chat-show")) press("chat-show");
    boot();
  }
  // Changes what is different and nothing else, so that the focus stays on a button that is still there.
  function put(slot, html) {
    if (slot.dataset.shown === html) return;
    slot.dataset.shown = html;
    const fresh = document.createElement("div");
    fresh.innerHTML = html;   // escaped by the server
    children(slot, fresh);
  }
  function children(old, fresh) {
    const here = [...old.childNodes], count = fresh.childNodes.length;
    [...fresh.childNodes].forEach((node, k) => (here[k] ? same(here[k], node) : old.append(node)));
    here.slice(count).forEach((node) => node.remove());
  }
  function same(old, fresh) {
    if (old.nodeName !== fresh.nodeName) { old.replaceWith(fresh); return; }
    if (old.nodeType === Node.TEXT_NODE) { if (old.data !== fresh.data) old.data = fresh.data; return; }
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    children(old, fresh);
  }

  // ---------------------------------------------------------------- wiring
  // The first thing to do is to answer: the box has the focus once Gradio shows the page, unless somebody was quicker.
  function greet(tries) {
    const box = $("#answer");
    if (document.activeElement !== document.body || !matchMedia("(min-width: 901px)").matches || !tries) return;
    box?.focus({ preventScroll: true });
    if (document.activeElement !== box) setTimeout(greet, 50, tries - 1);
  }
  function boot() {
    if ((told.bar || missing) && $("#bar-slot") && !bar()) { show(); return; }   // Gradio is there now
    const box = $("#answer");
    if (box && !box.dataset.ready) {
      box.dataset.ready = "1";
      if (!box.value) box.value = store.get("draft");
      grow(box);
    }
    const scroller = $("#chat .bubble-wrap");
    if (scroller) pin(scroller);
    const data = bar()?.dataset;
    if (!data) return;
    if (data.panes && panesShown !== data.panes) showPanes(data.panes.split(" "));
    if (!document.body.classList.contains("ready") && ((drawn >= 0 && panesShown) || missing)) requestAnimationFrame(() => { document.body.classList.add("ready"); greet(20); });
    if (data.missing) { document.body.classList.add("missing"); return; }
    const speaking = data.speaking === "1";
    document.body.classList.toggle("ended", Boolean(data.ended));
    const stop = $('[data-act="stop"]'), submit = $(".composer-send");
    if (stop) stop.hidden = !speaking;
    if (submit) submit.hidden = speaking;
    if (box) box.placeholder = data.paused === "1" ? "Paused. Sending a message goes on." : speaking ? "Write your next thought…" : "Answer, or think out loud…";
    fillPanes();
    if ($("#code .cm-content")) inkColours();
    if (data.question !== undefined && question !== data.question) openQuestion(data.question).catch(trouble);
    tick();
  }
  document.addEventListener("submit", (event) => { if (event.target.id === "composer") { event.preventDefault(); event.stopImmediatePropagation(); send(); } }, true);
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "answer" && event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "Escape") toggleRounds(false);
  });
  document.addEventListener("input", (event) => {
    const what = event.target.id;
    if (what === "answer") { grow(event.target); saveDraft(); }
    if (what === "notes" || what === "diagram" || what === "tests") changed(what, event.target.value);
    if (what === "diagram") { describe(); draw(); }
  });
  function toggleRounds(open) {
    const side = $("#side"), el = $("#rounds-toggle");
    if (!side || !el || (open === false && !side.classList.contains("open"))) return;
    const now = side.classList.toggle("open", open);
    el.setAttribute("aria-expanded", String(now));
    if (open === false) el.focus();
  }
  document.addEventListener("click", (event) => {
    const pane = event.target.closest("button[data-pane]");
    if (pane) {
      $("#stage").dataset.pane = pane.dataset.pane;
      document.querySelectorAll("button[data-pane]").forEach((el) => el.setAttribute("aria-pressed", String(el === pane)));
    }
    const act = event.target.closest("[data-act]")?.dataset.act;
    const dialog = $("#finish-dialog");
    if (act === "hint") button("Could I have a hint?");
    if (act === "skip") button("Can we skip this question?");
    if (act === "stop") simple("stop");
    if (act === "retry") simple("resume");
    if (act === "pause" || act === "unpause") simple(act);
    if (act === "run") run();
    if (act === "rounds") toggleRounds();
    if (act === "theme") draw();
    if (act === "jump") { stick = true; const el = $("#chat .bubble-wrap"); el.scrollTop = el.scrollHeight; $("#jump").hidden = true; $("#answer").focus(); }
    if (act === "finish") { $("#finish-draft").hidden = !$("#answer").value.trim(); dialog.showModal(); }
    if (act === "finish-no") dialog.close();
    if (act === "finish-now") finish(event.target.closest("button"));
  });
  async function finish(el) {
    el.disabled = true; el.textContent = "Finishing…";
    try {
      await flushWork().catch(() => {});
      const reply = await call("finish");
      store.set("draft", ""); store.set("key", "");
      location.href = reply.review;
    } catch (problem) { el.disabled = false; el.textContent = "Finish and see the review"; trouble(problem); $("#finish-dialog").close(); }
  }
  addEventListener("pagehide", () => {
    for (const what of Object.keys(texts)) if (texts[what] !== null && question)
      navigator.sendBeacon?.(`/api/sessions/${encodeURIComponent(id)}/work`, new Blob([JSON.stringify({ what, question, text: texts[what] })], { type: "application/json" }));
  });
  window.rehearsal = {
    chat: conversation,
    code: () => { wanted.delete("code-show"); return told.code; },
    mermaid,
    codeChanged: (text) => { code = text; changed("code", text); },
  };

  new MutationObserver(later(15, boot)).observe(document.body, { childList: true, subtree: true });
  setInterval(tick, 250);
  listen();
})();
