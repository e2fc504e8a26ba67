// Asks the cloud in JSON. What cannot be answered is an Error whose text people can act on; nothing on the page is lost.
const GONE = "You are logged out. Log in in another tab, then try again here: what you wrote is still on this page.";

export async function post(url, body) {
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    throw new Error("The cloud cannot be reached. What you wrote is still on this page: try again.");
  }
  if (answer.redirected) throw new Error(GONE);
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(refusal(answer.status));
  return { status: answer.status, ...(await answer.json()) };
}

function refusal(status) {
  if (status === 403) return "You may not change this app any more, or you logged in anew: reload the page in another tab to see.";
  if (status === 404) return "This app is not there any more.";
  if (status === 413 || status === 400) return "This is more than can be saved at once.";
  return `The cloud answered ${status}. What you wrote is still on this page: try again.`;
}
