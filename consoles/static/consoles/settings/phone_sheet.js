// The sheet that comes up on the phone to choose from options: one or several, with a search field where there are many.
import { el, icon } from "../editor/dom.js";
import { showValue } from "./values.js";

export function openSheet(screen, opener, { label, options, chosen, hasSearch, isMany, onChosen }) {
  const close = () => {
    cover.remove();
    opener.focus();
  };
  const list = el("div", { class: "phone-options" });
  const choose = (value) => {
    if (!isMany) {
      onChosen([value]);
      return close();
    }
    chosen = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
    onChosen(chosen);
    for (const button of list.children) mark(button, chosen.includes(options[button.dataset.at].value));
  };
  const draw = (wanted) => {
    const fitting = options.map((option, at) => [option, at]).filter(([option]) => showValue(option.label).toLowerCase().includes(wanted));
    const rows = fitting.map(([option, at]) => {
      const button = el("button", { type: "button", class: "phone-row", "data-at": at, onclick: () => choose(option.value) }, el("span", {}, showValue(option.label)), icon("check"));
      mark(button, chosen.includes(option.value));
      return button;
    });
    list.replaceChildren(...(rows.length ? rows : [el("p", { class: "phone-empty" }, "Nothing found.")]));
  };
  draw("");
  const search = hasSearch && el("input", { type: "search", placeholder: "Search", "aria-label": "Search the options", oninput: (event) => draw(event.target.value.toLowerCase()) });
  const head = el("div", { class: "phone-sheet-head" }, el("b", {}, label), el("button", { type: "button", onclick: close }, "Done"));
  const sheet = el("div", { class: "phone-sheet", role: "dialog", "aria-label": label }, head, search, list);
  const cover = el("div", { class: "phone-cover", onclick: (event) => event.target === cover && close(), onkeydown: (event) => event.key === "Escape" && close() }, sheet);
  screen.append(cover);
  (search || list.querySelector("button") || head.lastElementChild).focus();
}

function mark(button, isChosen) {
  button.setAttribute("aria-pressed", String(isChosen));
}
