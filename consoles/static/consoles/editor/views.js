// Form or JSON: two views of one document. Leaving the JSON view applies what was written there; it stays while that is refused.
export class Views {
  #page;
  #json;

  constructor(page, json) {
    this.#page = page;
    this.#json = json;
    for (const button of page.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => this.#go(button.dataset.view));
    }
  }

  async #go(view) {
    if (view === "form" && this.#json.isChanged && !(await this.#json.apply())) return;
    if (view === "json") this.#json.show();
    for (const part of this.#page.querySelectorAll("[data-shown-in]")) part.hidden = part.dataset.shownIn !== view;
    for (const button of this.#page.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
  }
}
