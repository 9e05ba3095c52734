// What is confirmed, better: while it is being saved, the button says so, and
// cannot be pressed again. Without this script, a second press does no harm.
"use strict";

const button = document.querySelector("form.confirm button.main");
const says = button ? button.textContent : "";

if (button) {
  button.form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = button.dataset.saving;
  });
  // Who comes back finds it ready again.
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = says;
  });
}
