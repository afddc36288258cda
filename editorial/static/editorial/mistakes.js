// Lists the mistakes of a form that was not saved above it; each leads to its field. Without this script
// they stand beside their fields only.
"use strict";

for (const note of document.querySelectorAll("[data-mistakes]")) {
  const list = document.createElement("ul");
  for (const errors of document.querySelectorAll("#desk-form .errorlist")) {
    const place = errors.closest(".field, fieldset");
    const name = place?.querySelector("label, legend");
    if (!name) continue;
    const link = document.createElement("a");
    place.id ||= `mistake-${list.children.length + 1}`;
    link.href = `#${place.id}`;
    link.textContent = `${name.textContent.trim()}: ${errors.textContent.trim()}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      for (let around = place.closest("details"); around; around = around.parentElement.closest("details")) {
        around.open = true;
      }
      const fields = "[contenteditable=true], input:not([type=hidden]), select, textarea";
      place.querySelector(fields)?.focus();
      place.scrollIntoView({ block: "center" });
    });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  if (list.children.length) note.append(list);
  note.tabIndex = -1;
  note.focus();
}
