// Alpine's build for strict policies evaluates no text as code, so it sees no global functions: what the pages' attributes
// name must be registered. The body's own state, which reaches for localStorage in its attribute, becomes a component.
document.addEventListener("alpine:init", () => {
  for (const component of [theme, searchForm, searchDropdown, searchCommand]) {
    Alpine.data(component.name, component);
  }
  Alpine.data("shell", shell);
  document.body.dataset.firstTab = /activeTab: '([^']*)'/.exec(document.body.getAttribute("x-data"))?.[1] ?? "";
  document.body.setAttribute("x-data", "shell");
  document.body.removeAttribute("x-init");
});

const SIDEBAR = "sidebarDesktopOpen";

function shell() {
  return {
    activeTab: "",
    window: { location: { pathname: location.pathname, search: location.search } },
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem(SIDEBAR) !== "0",
    init() {
      const first = document.body.dataset.firstTab;
      this.activeTab = first && (getCurrentTab() || first);
      this.$watch(SIDEBAR, (isOpen) => localStorage.setItem(SIDEBAR, isOpen ? "1" : "0"));
    },
  };
}
