// Asks before a page with unsaved text is left.
"use strict";

for (const form of document.querySelectorAll("form[data-guard]")) {
  let unsaved = Boolean(document.querySelector(".errornote, .collisions, [data-unsaved]"));
  form.addEventListener("input", () => {
    unsaved = true;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
