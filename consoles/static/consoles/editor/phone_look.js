// Light or dark: the phone wears what the page wears, until somebody decides otherwise.
export function wireLook(root, button) {
  const phone = root.querySelector(".phone");
  const wear = (isDark) => {
    phone.classList.toggle("phone-dark", isDark);
    button.setAttribute("aria-pressed", String(isDark));
  };
  const html = document.documentElement;
  const follow = new MutationObserver(() => wear(html.classList.contains("dark")));
  follow.observe(html, { attributeFilter: ["class"] });
  wear(html.classList.contains("dark"));
  button.addEventListener("click", () => {
    follow.disconnect();
    wear(!phone.classList.contains("phone-dark"));
  });
}
