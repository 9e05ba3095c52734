// The page of an upload, better: a file can be dropped, is sent as soon as it is
// chosen, and how far it has come is shown. Without this script the form is
// sent by its button.
"use strict";

const form = document.getElementById("upload");
const file = document.getElementById("file");
const button = form.querySelector("button");
const progress = document.getElementById("progress");
const bar = progress.querySelector("progress");
const told = document.getElementById("told");
const wrong = document.getElementById("wrong");
const texts = document.getElementById("texts").dataset;

function refuse(why) {
  progress.hidden = true;
  button.disabled = file.disabled = false;
  wrong.textContent = why;
  wrong.hidden = false;
  file.value = "";
  file.focus();
}

function send() {
  const chosen = file.files[0];
  if (!chosen || file.disabled) return;
  if (chosen.size > Number(form.dataset.most)) return refuse(texts.large);
  const body = new FormData(form);
  wrong.hidden = true;
  progress.hidden = false;
  button.disabled = file.disabled = true;
  told.textContent = texts.sending;

  const request = new XMLHttpRequest();
  let tenth = 0;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    bar.value = percent;
    // Every tenth is enough for those who hear it.
    if (Math.floor(percent / 10) > tenth) {
      tenth = Math.floor(percent / 10);
      told.textContent = texts.sending + " " + percent + " %";
    }
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    told.textContent = texts.checking;
  });
  request.addEventListener("load", () => {
    if (request.status === 200 && request.responseURL !== location.href) {
      location.assign(request.responseURL);
      return;
    }
    // The same page with what is wrong, or a page of an error.
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = answer.querySelector("[role=alert]:not([hidden]), main .lead");
    refuse(said ? said.textContent : texts.failed);
  });
  request.addEventListener("error", () => refuse(texts.failed));
  request.addEventListener("abort", () => refuse(texts.failed));
  request.open("POST", form.action);
  request.send(body);
}

file.addEventListener("change", send);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) {
  form.addEventListener(name, () => form.classList.remove("over"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 0 || file.disabled) return;
  if (event.dataTransfer.files.length > 1) return refuse(texts.many);
  file.files = event.dataTransfer.files;
  send();
});
// Who comes back finds the form ready again.
window.addEventListener("pageshow", () => {
  progress.hidden = true;
  button.disabled = file.disabled = false;
});
// A file that misses the form must not replace the page.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => event.preventDefault());
}
