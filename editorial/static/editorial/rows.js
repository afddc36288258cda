// Rows that can be moved, dragged and added. Without this script the number fields order them,
// and each save offers one new row.
"use strict";

for (const list of document.querySelectorAll("[data-rows]")) {
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const status = document.getElementById("announcements");
  const template = list.querySelector(":scope > template");
  const total = list.querySelector("input[name$='-TOTAL_FORMS']");

  const place = (row) => row.querySelector("input[name$='-ORDER']");

  const renumber = () => {
    rows().forEach((row, index) => {
      place(row).value = index + 1;
    });
  };

  const moved = (row) => {
    renumber();
    status.textContent = `${list.dataset.moved} ${place(row).value}`;
    row.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const shown = (row, way) => {
    let beside = row[way];
    while (beside && beside.hidden) beside = beside[way];
    return beside && beside.matches("[data-row]") ? beside : null;
  };

  const move = (row, up, button) => {
    const beside = shown(row, up ? "previousElementSibling" : "nextElementSibling");
    if (!beside) return;
    if (up) beside.before(row);
    else beside.after(row);
    button.focus();
    moved(row);
  };

  // --- Adding ---

  const newRow = () => {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    return holder.content.querySelector("[data-row]");
  };

  const insert = (row, put) => {
    put(row);
    equip(row);
    if (place(row)) renumber();
    row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  };

  // What is written first: a heading, where the row has one.
  const focusFirst = (row) => {
    const written = row.querySelector("[contenteditable=true]");
    (written ?? row.querySelector("input:not([type=hidden]), select, textarea")).focus();
  };

  // Another script may ask for a row below one; it gets the row through the event.
  list.addEventListener("row-wanted", (event) => {
    const row = newRow();
    insert(row, (made) => event.target.after(made));
    event.detail.row = row;
  });

  // --- Dragging ---

  const drag = (row, handle) => {
    handle.addEventListener("pointerdown", (down) => {
      down.preventDefault();
      handle.setPointerCapture(down.pointerId);
      const before = rows().indexOf(row);
      list.classList.add("dragging");
      row.classList.add("dragged");
      row.scrollIntoView({ block: "nearest" });
      const follow = (event) => {
        if (event.clientY < 60) window.scrollBy(0, -20);
        if (event.clientY > window.innerHeight - 120) window.scrollBy(0, 20);
        const all = rows();
        const from = all.indexOf(row);
        const to = all.findIndex((other) => {
          const { top, bottom } = other.getBoundingClientRect();
          return event.clientY >= top && event.clientY <= bottom;
        });
        // The others move and the row stays: moving it would let go of the pointer.
        if (to >= 0 && to < from) row.after(...all.slice(to, from));
        if (to > from) row.before(...all.slice(from + 1, to + 1));
      };
      const end = () => {
        handle.removeEventListener("pointermove", follow);
        list.classList.remove("dragging");
        row.classList.remove("dragged");
        if (rows().indexOf(row) !== before) moved(row);
        row.scrollIntoView({ block: "nearest" });
      };
      handle.addEventListener("pointermove", follow);
      handle.addEventListener("lostpointercapture", end, { once: true });
    });
  };

  // --- The buttons of a row ---

  const addButton = (tools, label, sign, onClick) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button move";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", () => onClick(button));
    tools.append(button);
  };

  const equip = (row) => {
    const tools = row.querySelector("[data-tools]");
    if (!tools || !place(row)) return;
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.textContent = "⠿";
    handle.title = list.dataset.drag;
    handle.setAttribute("aria-hidden", "true");
    tools.prepend(handle);
    drag(row, handle);
    const buttons = document.createElement("div");
    buttons.className = "moves";
    tools.append(buttons);
    addButton(buttons, list.dataset.up, "↑", (button) => move(row, true, button));
    addButton(buttons, list.dataset.down, "↓", (button) => move(row, false, button));
    if (list.dataset.below) {
      addButton(buttons, list.dataset.below, "+", () => {
        const made = newRow();
        insert(made, (added) => row.after(added));
        focusFirst(made);
      });
    }
  };

  list.classList.add("movable");
  rows().forEach(equip);

  if (!template) continue;
  const add = document.createElement("button");
  add.type = "button";
  add.className = "button add";
  add.textContent = list.dataset.add;
  add.addEventListener("click", () => {
    const row = newRow();
    insert(row, (made) => template.before(made));
    focusFirst(row);
  });
  list.append(add);
}
