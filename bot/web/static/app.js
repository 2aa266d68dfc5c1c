// Small behaviours of the pages that the server writes. Every page works without this file.
(() => {
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function showTurn(hash, smooth) {
    const turn = /^#turn-\d+$/.test(hash) && document.querySelector(hash);
    if (!turn) return false;
    document.querySelectorAll(".hit").forEach((el) => el.classList.remove("hit"));
    turn.classList.add("hit");
    turn.scrollIntoView({ block: "center", behavior: smooth && !calm() ? "smooth" : "auto" });
    turn.focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]");
    if (act && act.dataset.act === "theme") window.rehearsalTheme();
    if (act && act.dataset.act === "print") print();
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const hash = link.getAttribute("href");
    if (showTurn(hash, true)) { event.preventDefault(); history.replaceState(null, "", hash); }
  });

  // On paper everything is open; afterwards the page is as it was.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((d) => { d.open = false; }));

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.dataset.confirm && !confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (form.method === "dialog" || form.method === "get") return;
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) setTimeout(() => { button.setAttribute("aria-busy", "true"); }, 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => { delete f.dataset.sent; }));

  // Of a folder only what can be read is sent: a folder of articles may lie in one of pictures and programs.
  const READABLE = /\.(md|markdown|txt|html?|pdf|docx)$/i, LARGEST = 2_000_000, MOST = 200, TOGETHER = 19_000_000;
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-folder]");
    if (!form) return;
    const kept = new DataTransfer(), all = [...event.target.files];
    let bytes = 0;
    for (const file of all) {
      const hidden = file.webkitRelativePath.split("/").some((part) => part.startsWith("."));
      if (hidden || !READABLE.test(file.name) || file.size > LARGEST || kept.items.length >= MOST || bytes + file.size > TOGETHER) continue;
      kept.items.add(file);
      bytes += file.size;
    }
    event.target.files = kept.files;
    const left = all.length - kept.items.length;
    document.querySelector("[data-folder-line]").textContent =
      `${kept.items.length} of ${all.length} files can be read${left ? "; the others are of another kind, too large or too many" : ""}.`;
  });

  // A page that waits for the scorecard asks for it until it is there.
  async function watch(box) {
    for (;;) {
      await new Promise((resume) => setTimeout(resume, 700));
      try {
        const reply = await fetch(box.dataset.watch, { headers: { accept: "application/json" } });
        const data = reply.ok ? await reply.json() : {};
        if (data.pending === false) { location.reload(); return; }
        const line = box.querySelector("[data-line]");
        if (line && data.line) line.textContent = data.line;
        if (reply.status === 401) { location.reload(); return; }
      } catch { /* the server is restarting: ask again */ }
    }
  }

  document.querySelectorAll("[data-watch]").forEach(watch);
  if (location.hash) showTurn(location.hash, false);
  addEventListener("hashchange", () => showTurn(location.hash, true));
  // An article opens at the cited passage.
  const cited = document.querySelector("#cited");
  if (cited) cited.scrollIntoView({ block: "center" });
})();
