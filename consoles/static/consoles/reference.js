// The reference of the API: draws the description in the look the visitor chose for the console.
const main = document.getElementById("reference");
const system = matchMedia("(prefers-color-scheme: dark)");

const follow = () => {
  const chosen = (localStorage.getItem("_x_adminTheme") || "").replaceAll('"', "");
  const isDark = chosen === "dark" || (chosen !== "light" && system.matches);
  document.documentElement.classList.toggle("dark-mode", isDark);
};

follow();
system.addEventListener("change", follow);
addEventListener("storage", follow);

window.SwaggerUIBundle({
  url: main.dataset.description,
  domNode: main,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
