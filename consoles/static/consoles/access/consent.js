// What people see on their phone before they install the app.
import { el, icon } from "../editor/dom.js";
import { phoneFrame } from "../editor/phone_frame.js";

export function drawConsent(root, appName, kinds, declarations) {
  const { phone, screen, body } = phoneFrame(`${appName} asks for`, null);
  const buttons = el("div", { class: "phone-buttons", "aria-hidden": "true" }, el("span", {}, "Not now"), el("span", {}, "Install"));
  const face = () => el("div", { class: "phone-app" }, el("span", { class: "phone-face", "aria-hidden": "true" }, appName.slice(0, 1).toUpperCase()), el("b", {}, appName));
  const show = () => {
    const asked = kinds.filter(({ type }) => declarations.get("permissions", type));
    const rows = asked.map(({ type, name, symbol }) => {
      const reason = declarations.get("permissions", type).description?.trim();
      return el("div", { class: "phone-row phone-asked" }, icon(symbol), el("span", {}, el("b", {}, name), reason ? el("span", {}, reason) : el("i", {}, "No reason given")));
    });
    const words = rows.length ? "It asks for" : "It asks for nothing but to show words and hear its buttons.";
    body.replaceChildren(face(), el("p", { class: "phone-heading" }, words), rows.length ? el("div", { class: "phone-card" }, ...rows) : "");
  };
  screen.append(buttons);
  root.append(phone);
  declarations.addEventListener("change", show);
  show();
}
