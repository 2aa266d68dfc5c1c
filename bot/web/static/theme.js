// Runs before the first paint, on every page: the chosen theme, else the system's.
(() => {
  const store = (value) => {
    try { return value === undefined ? localStorage.getItem("rehearsal:theme") : localStorage.setItem("rehearsal:theme", value); }
    catch { return null; }  // storage may be switched off: then the system's theme holds
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => store() || (system.matches ? "dark" : "light");
  const apply = () => {
    const dark = wanted() === "dark", root = document.documentElement;
    if (root.classList.contains("dark") !== dark) root.classList.toggle("dark", dark);
    root.style.colorScheme = wanted();
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  };
  apply();
  system.addEventListener("change", apply);
  window.rehearsalTheme = () => { store(wanted() === "dark" ? "light" : "dark"); apply(); };
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    // Gradio sets its own class on the body when it starts; ours wins.
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });
})();
