// Rich text in the fields that hold HTML ([data-rich]). The textarea stays what is posted: the editor
// writes into it only when something is changed. Without this script, and for a text that the editor
// cannot hold whole (see rich_html.js), the textarea itself is shown, with HTML source.

const tools = document.getElementById("rich-tools");
const [prose, html] = await Promise.all([
  import(tools.dataset.prose),
  import(tools.dataset.vocabulary),
]);
const announce = (sentence) => {
  document.getElementById("announcements").textContent = sentence;
};

// --- The dialog for links ----------------------------------------------------------------------------

const dialog = document.getElementById("rich-link");
const address = dialog.querySelector("input");
const refusal = dialog.querySelector("[role=alert]");
let chosen = null;
let finish = null;

// What was typed as {address, label}: an address, or the one topic that is meant.
const meant = async (text) => {
  if (chosen && chosen.address === text) return chosen;
  if (text.startsWith("/") || /^[a-z]+:\S+$/i.test(text)) {
    return html.mayLead(text) ? { address: text, label: text } : null;
  }
  const answer = await fetch(`${address.dataset.suggest}?q=${encodeURIComponent(text)}`);
  const found = answer.ok ? (await answer.json()).results : [];
  const exact = found.filter((topic) => topic.label.toLowerCase() === text.toLowerCase());
  if (exact.length) return exact.length === 1 ? exact[0] : null;
  return found.length === 1 ? found[0] : null;
};

address.addEventListener("chosen", (event) => {
  chosen = event.detail;
});
dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = await meant(address.value.trim());
  refusal.hidden = Boolean(target);
  if (target) {
    dialog.close();
    finish(target);
  } else {
    address.focus();
  }
});
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("[data-answer]");
  if (!button) return;
  dialog.close();
  if (button.dataset.answer === "remove") finish(null);
});

const editLink = (editor) => {
  const active = editor.isActive("link");
  address.value = editor.getAttributes("link").href || "";
  chosen = null;
  refusal.hidden = true;
  dialog.querySelector("[data-answer=remove]").hidden = !active;
  finish = (target) => {
    const change = editor.chain().focus();
    if (active) change.extendMarkRange("link");
    if (!target) change.unsetMark("link");
    else if (active) change.updateAttributes("link", { href: target.address });
    else if (!editor.state.selection.empty) change.setMark("link", { href: target.address });
    else {
      const mark = { type: "link", attrs: { href: target.address } };
      change.insertContent({ type: "text", text: target.label, marks: [mark] });
    }
    change.run();
  };
  dialog.showModal();
};
dialog.addEventListener("close", () => address.blur());

// --- Commands and their bar --------------------------------------------------------------------------

const COMMANDS = {
  bold: { run: (chain) => chain.toggleBold(), on: "bold" },
  italic: { run: (chain) => chain.toggleItalic(), on: "italic" },
  bulletList: { run: (chain) => chain.bulletList(), on: "bulletList", blocks: true },
  orderedList: { run: (chain) => chain.orderedList(), on: "orderedList", blocks: true },
  sink: { run: (chain) => chain.sinkListItem("listItem"), blocks: true },
  lift: { run: (chain) => chain.liftListItem("listItem"), blocks: true },
  undo: { run: (chain) => chain.undo() },
  redo: { run: (chain) => chain.redo() },
  link: { on: "link" },
  source: {},
};

// One stop of the Tab key, and arrow keys from button to button.
const rove = (bar) => {
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (button) => {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  };
  stop(buttons[0]);
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const open = buttons.filter((button) => !button.disabled);
    open[(open.indexOf(event.target) + step + open.length) % open.length].focus();
  });
};

class RichField {
  constructor(textarea) {
    this.textarea = textarea;
    this.isLine = textarea.dataset.rich === "line";
    this.label = textarea.labels[0];
    this.label.id ||= `${textarea.id}_label`;
    this.label.addEventListener("click", () => this.editor?.commands.focus());
    this.bar = tools.content.querySelector("[role=toolbar]").cloneNode(true);
    this.bar.setAttribute("aria-label", `${this.bar.getAttribute("aria-label")}: ${this.label.textContent}`);
    this.hint = tools.content.querySelector("[data-only-source]").cloneNode(true);
    this.surface = document.createElement("div");
    this.surface.className = this.isLine ? "rich line" : "rich";
    for (const button of this.bar.querySelectorAll("button")) {
      if (this.isLine && COMMANDS[button.dataset.command].blocks) button.remove();
    }
    this.bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.command(button.dataset.command);
    });
    rove(this.bar);
    textarea.before(this.bar, this.surface);
    textarea.after(this.hint);
    // A browser that comes back to the page may put the text of before into its fields.
    window.addEventListener("pageshow", () => {
      if (this.editor && this.textarea.value !== this.written) this.open();
    });
    this.open();
  }

  // Show the text in the editor, or as source where it would lose something; whether it could.
  open() {
    this.close();
    const extensions = html.extensions(prose, this.isLine);
    const schema = prose.getSchema(extensions);
    const text = html.read(prose, schema, this.isLine, this.textarea.value);
    this.hint.hidden = Boolean(text);
    this.written = this.textarea.value;
    if (text) {
      this.editor = new prose.Editor({
        element: this.surface,
        extensions,
        content: text.doc.toJSON(),
        // Its style sheet is ours (desk.css): none is written into the page.
        injectCSS: false,
        enableInputRules: false,
        enablePasteRules: false,
        editorProps: { attributes: this.attributes() },
        onUpdate: ({ editor }) => {
          this.written = html.write(editor.state.doc, this.isLine, text.kept);
          this.textarea.value = this.written;
          this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
        },
        onTransaction: () => this.refresh(),
      });
      this.editor.view.dom.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
          event.preventDefault();
          editLink(this.editor);
        } else if (event.altKey && event.key === "F10") {
          event.preventDefault();
          this.bar.querySelector("[tabindex='0']").focus();
        }
      });
      this.label.removeAttribute("for");
    }
    this.refresh();
    return Boolean(text);
  }

  // Show the source.
  close() {
    this.editor?.destroy();
    this.editor = null;
    this.label.htmlFor = this.textarea.id;
  }

  attributes() {
    const given = { role: "textbox", "aria-labelledby": this.label.id };
    for (const name of ["lang", "spellcheck", "aria-describedby", "aria-invalid"]) {
      if (this.textarea.hasAttribute(name)) given[name] = this.textarea.getAttribute(name);
    }
    return this.isLine ? given : { ...given, "aria-multiline": "true" };
  }

  command(name) {
    if (name === "source") {
      this.toggleSource();
    } else if (name === "link") {
      editLink(this.editor);
    } else {
      // At once: the command's own focus waits for the next frame, and keys would be lost until then.
      this.editor.view.focus();
      COMMANDS[name].run(this.editor.chain().focus()).run();
    }
  }

  toggleSource() {
    if (this.editor) {
      this.close();
      this.refresh();
      this.textarea.focus();
    } else if (this.open()) {
      this.editor.commands.focus();
    } else {
      announce(this.hint.textContent);
    }
  }

  refresh() {
    const { editor } = this;
    this.surface.hidden = !editor;
    this.textarea.hidden = Boolean(editor);
    for (const button of this.bar.querySelectorAll("button")) {
      const { command: name } = button.dataset;
      const { on, run } = COMMANDS[name];
      if (name === "source") {
        button.setAttribute("aria-pressed", String(!editor));
        continue;
      }
      button.disabled = !editor || Boolean(run && !on && !run(editor.can().chain()).run());
      if (on) button.setAttribute("aria-pressed", String(Boolean(editor?.isActive(on))));
    }
  }
}

const equip = (root) =>
  root.querySelectorAll("textarea[data-rich]").forEach((textarea) => new RichField(textarea));

equip(document);
document.addEventListener("row-added", (event) => equip(event.target));
document.documentElement.dataset.richReady = "";
