// Says of a new link, while it is typed, whether it is here already, and opens the fields of one that
// is not. The server asks the same when the page is saved.
"use strict";

{
  const isAddress = (text) => /^(https?|ftp):\/\/[^\s/]+\.[^\s]/i.test(text.trim());
  const of = (field) => {
    const row = field.name?.endsWith("-link") && field.closest("[data-row]");
    return row && { row, note: row.querySelector("[data-found]") };
  };

  const said = ({ dataset }, [link]) => (link ? (link.placed ? dataset.placed : dataset.here) : dataset.new);

  document.addEventListener("suggested", (event) => {
    const found = of(event.target);
    if (!found) return;
    const typed = isAddress(event.target.value);
    const isNew = typed && !event.detail.length;
    found.note.textContent = (typed && said(found.note, event.detail)) || "";
    const details = found.row.querySelector("details");
    if (details && isNew) details.open = true;
  });

  document.addEventListener("chosen", (event) => {
    const found = of(event.target);
    if (!found) return;
    const { label, detail } = event.detail;
    found.note.textContent = [label, detail].filter(Boolean).join(" · ");
    const details = found.row.querySelector("details");
    if (details) details.open = false;
  });
}
