// Rows that can be moved and added. Without this script the number fields order them,
// and each save offers one new row.
"use strict";

for (const list of document.querySelectorAll("[data-rows]")) {
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const status = document.getElementById("announcements");

  const place = (row) => row.querySelector("input[name$='-ORDER']");

  const renumber = () => {
    rows().forEach((row, index) => {
      place(row).value = index + 1;
    });
  };

  const move = (row, up, button) => {
    const beside = up ? row.previousElementSibling : row.nextElementSibling;
    if (!beside || !beside.matches("[data-row]")) return;
    if (up) beside.before(row);
    else beside.after(row);
    renumber();
    button.focus();
    status.textContent = `${list.dataset.moved} ${place(row).value}`;
    row.dispatchEvent(new Event("input", { bubbles: true }));
  };

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
    addButton(tools, list.dataset.up, "↑", (button) => move(row, true, button));
    addButton(tools, list.dataset.down, "↓", (button) => move(row, false, button));
  };

  rows().forEach(equip);

  const template = list.querySelector(":scope > template");
  if (!template) continue;
  const total = list.querySelector("input[name$='-TOTAL_FORMS']");
  const add = document.createElement("button");
  add.type = "button";
  add.className = "button add";
  add.textContent = list.dataset.add;
  add.addEventListener("click", () => {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.querySelector("[data-row]");
    total.value = Number(total.value) + 1;
    template.before(row);
    equip(row);
    row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
  });
  list.append(add);
}
