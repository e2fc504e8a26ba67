// The types to choose from when a setting is added, each with a word on what it is for.
import { el, icon } from "../editor/dom.js";
import { TYPES } from "./types.js";

export function typeTiles(onType) {
  const tile = ([type, { name, symbol, about }]) =>
    el(
      "button",
      { type: "button", class: "ed-tile", onclick: () => onType(type) },
      icon(symbol),
      el("span", {}, el("b", {}, name), el("span", { class: "ed-hint" }, about), el("code", {}, type)),
    );
  return Object.entries(TYPES).map(tile);
}
