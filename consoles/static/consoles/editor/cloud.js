// Asks the cloud in JSON. What cannot be answered is an Error whose text people can act on; nothing on the page is lost.
const GONE = "You are logged out. Log in in another tab, then try again here: what you wrote is still on this page.";

export async function post(url, body, isSecondTry = false) {
  const answer = await ask(url, {
    method: "POST",
    headers: { "X-CSRFToken": tokenField().value, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.redirected) throw new Error(GONE);
  if (answer.status === 403 && !isSecondTry && (await renewToken())) return post(url, body, true);
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(refusal(answer.status));
  return { status: answer.status, ...(await answer.json()) };
}

async function ask(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Error("The cloud cannot be reached. What you wrote is still on this page: try again.");
  }
}

// Whoever logged in anew since this page was loaded has another token; says whether there was one to take.
async function renewToken() {
  const page = new DOMParser().parseFromString(await (await ask(location.href)).text(), "text/html");
  const fresh = page.querySelector("#editor [name=csrfmiddlewaretoken]");
  if (fresh) tokenField().value = fresh.value;
  return Boolean(fresh);
}

function tokenField() {
  return document.querySelector("#editor [name=csrfmiddlewaretoken]");
}

function refusal(status) {
  if (status === 403) return "You may not change this app any more.";
  if (status === 404) return "This app is not there any more.";
  if (status === 413 || status === 400) return "This is more than can be saved at once.";
  return `The cloud answered ${status}. What you wrote is still on this page: try again.`;
}
