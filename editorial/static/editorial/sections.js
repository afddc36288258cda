// Choosing which section of the other language stands beside one: the two rows exchange what they
// show, so that no section of the other language goes out of sight.
"use strict";

{
  const list = document.querySelector("[data-rows=sections]");
  const keyOf = (row) => row.querySelector("select[name$='-key']");
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")].filter(keyOf);
  const paired = new Map();
  const note = (row) => paired.set(row, keyOf(row).value);
  const isBlank = (row) =>
    [...row.querySelectorAll("textarea[data-rich]")].every((field) => !field.value.trim());

  const choose = (select, value) => {
    const has = [...select.options].some((option) => option.value === value);
    select.value = has ? value : "";
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  };

  const exchange = (row, other, before) => {
    const mine = row.querySelector("[data-beside]");
    const theirs = other.querySelector("[data-beside]");
    const held = [...mine.childNodes];
    mine.replaceChildren(...theirs.childNodes);
    theirs.replaceChildren(...held);
    choose(keyOf(other), before);
    note(other);
    // A row that only showed the section which stands here now has nothing left to show.
    other.hidden = isBlank(other) && !theirs.textContent.trim();
  };

  const repair = (select) => {
    const row = select.closest("[data-row]");
    const before = paired.get(row) ?? "";
    note(row);
    let other = rows().find((one) => one !== row && select.value && keyOf(one).value === select.value);
    if (!other) {
      if (!row.querySelector("[data-beside]").textContent.trim()) return;
      const event = new CustomEvent("row-wanted", { bubbles: true, detail: {} });
      row.dispatchEvent(event);
      other = event.detail.row;
    }
    exchange(row, other, before);
    const { text } = select.selectedOptions[0];
    document.getElementById("announcements").textContent = `${select.labels[0].textContent}: ${text}`;
  };

  if (list) {
    rows().forEach(note);
    list.addEventListener("change", (event) => {
      if (event.target.matches("select[name$='-key']")) repair(event.target);
    });
  }
}
