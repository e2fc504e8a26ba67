// The page's own parts: elements by name, forms, the requests it makes to its site.
export const $ = (id) => document.getElementById(id);
export const root = $("simulator");
export const facts = JSON.parse($("facts").textContent);
const csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;

// Send a form to the site; resolves to what it answers, rejects with its words when it refuses.
export async function post(url, fields) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf }, body });
  return read(answer);
}

export async function get(url, fields) {
  return read(await fetch(`${url}?${new URLSearchParams(fields)}`));
}

// Resolves to the answer's JSON; rejects with its words when it is a refusal.
export async function read(answer) {
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? `The cloud answered ${answer.status}.`);
  return said;
}

export function whenSent(id, deed) {
  $(id).addEventListener("submit", (event) => { event.preventDefault(); deed(); });
}

export function whenClicked(id, deed) {
  $(id).addEventListener("click", deed);
}

export function whenChosen(id, deed) {
  $(id).addEventListener("change", (event) => deed(event.target.files[0]));
}

// Ask for camera or microphone; browsers give them to no page that came unprotected from another machine.
export async function openMedia(wanted) {
  if (!navigator.mediaDevices) throw new Error("browsers give it only to pages of this machine or over https://");
  return navigator.mediaDevices.getUserMedia(wanted);
}
