// Asks before a half-filled form is left by a link, a language button or a closed window.
"use strict";

for (const form of document.querySelectorAll("main form[method=post]")) {
  // a form that came back with what was typed is not saved yet
  let changed = form.hasAttribute("data-unsaved");
  let leaving = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaving) {
      event.preventDefault();
    }
  });
}
