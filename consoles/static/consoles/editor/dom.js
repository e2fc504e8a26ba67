// Makes elements. Functions among the attributes are listeners ("onclick"), true is an empty attribute, false and null none.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  const { value, ...others } = attributes;
  for (const [key, what] of Object.entries(others)) {
    if (typeof what === "function") element.addEventListener(key.slice(2), what);
    else if (what !== false && what != null) element.setAttribute(key, what === true ? "" : what);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  if (value != null) element.value = value;
  return element;
}

export function icon(name) {
  return el("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);
}

// A button that shows only a symbol; its label is its name and its tooltip.
export function iconButton(symbol, label, onclick, more = {}) {
  return el("button", { type: "button", class: "ed-icon", "aria-label": label, title: label, onclick, ...more }, icon(symbol));
}
