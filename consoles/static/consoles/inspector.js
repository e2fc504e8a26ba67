// The live tail: asks for news every two seconds while nobody paused it and somebody looks, and puts them in their place.
const PAUSE_MS = 2000;
const MOST_LINES = 500;

const pause = document.getElementById("inspector-pause");
const state = document.getElementById("inspector-state");
let isPaused = false;

function look() {
  const news = document.getElementById("inspector-news");
  if (news) htmx.trigger(news, "look");
}

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function settle(news) {
  const lines = document.getElementById("inspector-lines");
  for (const line of [...news.querySelectorAll("li[data-order]")]) {
    if (document.getElementById(line.id) !== line) {
      line.remove();
      continue;
    }
    const next = [...lines.children].find((other) => (other.dataset.order ?? "") < line.dataset.order);
    lines.insertBefore(line, next ?? null);
    document.querySelector(".inspector-empty")?.remove();
  }
  while (lines.childElementCount > MOST_LINES) lines.lastElementChild.remove();
}

setInterval(() => {
  if (!isPaused && !document.hidden) look();
}, PAUSE_MS);

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.textContent = isPaused ? "Go on" : "Pause";
  say(isPaused ? "Paused" : "Live");
  if (!isPaused) look();
});

// A webhook that was sent again shows at once.
document.body.addEventListener("inspector-news", look);
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "inspector-news") return;
  say(isPaused ? "Paused" : "Live");
  settle(event.target);
});
document.body.addEventListener("htmx:sendError", () => say("No answer from the cloud; trying again"));
