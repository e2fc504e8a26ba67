// The frame of a phone with its status line; returns {phone, screen, body}: what scrolls is the body.
import { el, icon } from "./dom.js";

export function phoneFrame(label, head) {
  const body = el("div", { class: "phone-body", tabindex: "0", role: "group", "aria-label": label });
  const status = el("div", { class: "phone-status", "aria-hidden": "true" }, el("span", {}, "9:41"), el("span", {}, icon("signal_cellular_alt"), icon("wifi"), icon("battery_full")));
  const screen = el("div", { class: "phone-screen" }, status, head, body);
  return { phone: el("div", { class: "phone" }, screen), screen, body };
}
