// Suggestions under a text field: from the server ([data-suggest]) or from a <datalist> whose
// entries are typed one after the other ([data-separator]). The field works without them.
"use strict";

{
  const PAUSE = 200;
  let count = 0;

  const fromServer = (field) => async (text) => {
    const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(text)}`);
    return answer.ok ? (await answer.json()).results : [];
  };

  const fromList = (options) => async (text) =>
    options
      .filter((value) => value.toLowerCase().includes(text.toLowerCase()))
      .slice(0, 12)
      .map((value) => ({ value, label: value, detail: "" }));

  const equip = (field) => {
    if (field.getAttribute("role") === "combobox") return;
    const separator = field.dataset.separator || "";
    let find;
    if (field.dataset.suggest) {
      find = fromServer(field);
    } else {
      const options = document.getElementById(field.getAttribute("list")).options;
      find = fromList([...options].map((option) => option.value));
      field.removeAttribute("list");
    }
    const list = document.createElement("ul");
    list.id = `suggestions-${(count += 1)}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    field.after(list);
    field.parentElement.classList.add("has-suggestions");
    for (const [name, value] of [
      ["role", "combobox"],
      ["autocomplete", "off"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", list.id],
    ]) {
      field.setAttribute(name, value);
    }
    list.setAttribute("aria-label", field.labels[0] ? field.labels[0].textContent : "");

    let active = -1;
    let timer = 0;
    let asked = 0;

    const close = () => {
      list.hidden = true;
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };

    const mark = (index) => {
      const items = list.children;
      if (!items.length) return;
      active = (index + items.length) % items.length;
      [...items].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
      field.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    };

    const words = () => (separator ? field.value.split(separator).pop() : field.value).trim();

    const choose = (result) => {
      const value = result[field.dataset.takes || "value"];
      if (separator) {
        const before = field.value.split(separator).slice(0, -1).map((word) => word.trim());
        field.value = [...before, value].join(`${separator} `);
      } else {
        field.value = value;
      }
      field.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: result }));
      close();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      clearTimeout(timer);
    };

    const show = (results) => {
      list.replaceChildren();
      results.forEach((result, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = result.label;
        if (result.detail) {
          const detail = document.createElement("small");
          detail.textContent = result.detail;
          item.append(" ", detail);
        }
        // Before the field loses the focus, which closes the list.
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(result);
        });
        item.result = result;
        list.append(item);
      });
      list.hidden = !results.length;
      active = -1;
      field.setAttribute("aria-expanded", String(!list.hidden));
      field.removeAttribute("aria-activedescendant");
    };

    const ask = async () => {
      const turn = (asked += 1);
      const text = words();
      const results = text.length < 2 ? [] : await find(text);
      if (turn !== asked || document.activeElement !== field) return;
      show(results);
      field.dispatchEvent(new CustomEvent("suggested", { bubbles: true, detail: results }));
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if (list.hidden) {
        if (event.key === "ArrowDown") ask();
        return;
      }
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(Math.max(active, 0) - 1);
      else if (event.key === "Enter" && active >= 0) choose(list.children[active].result);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
  };

  const equipAll = (root) =>
    root.querySelectorAll("input[data-suggest], input[data-separator]").forEach(equip);

  equipAll(document);
  document.addEventListener("row-added", (event) => equipAll(event.target));
}
