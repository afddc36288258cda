// The HTML that the rich text editor can hold, and how it becomes HTML again without a loss.
//
// The editor of django-prose-editor (TipTap on ProseMirror) knows nothing but this vocabulary. A text
// is taken apart into its topmost blocks; a block that nobody touched is written exactly as it came,
// so that an edit changes its own paragraph and nothing else. What the vocabulary cannot hold makes
// `read` return null: such a text is edited as HTML source.

const BLOCKS = "p ul ol li h2 h3 h4".split(" ");
const LINK_SCHEME = /^(https?:|mailto:|tel:)/i;
const SCHEME = /^\s*[a-z][a-z0-9+.-]*:/i;

// --- The vocabulary ----------------------------------------------------------------------------------

// Whether a link may lead there; an address without a scheme is completed when it is saved.
export const mayLead = (address) => !SCHEME.test(address) || LINK_SCHEME.test(address.trim());

const list = (prose, name, tag) =>
  prose.Node.create({
    name,
    group: "block list",
    content: "listItem+",
    parseHTML: () => [{ tag }],
    renderHTML: () => [tag, 0],
    addCommands: () => ({
      [name]:
        () =>
        ({ commands }) =>
          commands.toggleList(name, "listItem"),
    }),
  });

const link = (prose) =>
  prose.Mark.create({
    name: "link",
    inclusive: false,
    addAttributes: () => ({ href: { default: "" }, target: { default: null } }),
    parseHTML: () => [
      { tag: "a[href]", getAttrs: (anchor) => mayLead(anchor.getAttribute("href")) && null },
    ],
    renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
  });

// Words of another language say which one.
const italic = (prose) =>
  prose.Italic.extend({ addAttributes: () => ({ lang: { default: null } }) });

// The extensions of an editor for blocks, or for a single line such as a heading. Tab is left to the
// browser in lists too: it leads from field to field.
export const extensions = (prose, isLine) => {
  const inline = [prose.Paragraph, prose.Text, prose.Bold, italic(prose), link(prose)];
  if (isLine) {
    const line = prose.Document.extend({
      content: "paragraph",
      addKeyboardShortcuts: () => ({ Enter: () => true }),
    });
    return [line, ...inline, prose.History];
  }
  const item = prose.ListItem.extend({
    addKeyboardShortcuts() {
      return {
        Enter: () => this.editor.commands.splitListItem("listItem"),
        "Mod-]": () => this.editor.commands.sinkListItem("listItem"),
        "Mod-[": () => this.editor.commands.liftListItem("listItem"),
      };
    },
  });
  return [
    prose.Document,
    ...inline,
    prose.HardBreak,
    prose.Heading.configure({ levels: [2, 3, 4] }),
    list(prose, "bulletList", "ul"),
    list(prose, "orderedList", "ol"),
    item,
    prose.History,
  ];
};

// --- Writing -----------------------------------------------------------------------------------------

const escaped = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\u00a0", "&nbsp;");
const quoted = (text) => escaped(text).replaceAll('"', "&quot;");

const MARKS = { bold: "strong", italic: "em", link: "a" };
const ORDER = Object.keys(MARKS);

const opening = (mark) => {
  const attributes = Object.entries(mark.attrs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${quoted(value)}"`);
  return `<${MARKS[mark.type.name]}${attributes.join("")}>`;
};

// A run of text and breaks; of the marks that begin here the longest one stands outside, so that
// no link is cut into pieces by words in bold.
const inlineHtml = (nodes, open = []) => {
  let written = "";
  for (let at = 0; at < nodes.length; ) {
    const begins = nodes[at].marks.filter((mark) => !mark.isInSet(open));
    if (!begins.length) {
      written += nodes[at].isText ? escaped(nodes[at].text) : "<br>";
      at += 1;
      continue;
    }
    const reach = (mark) => {
      let end = at;
      while (end < nodes.length && mark.isInSet(nodes[end].marks)) end += 1;
      return end;
    };
    const [mark] = begins.toSorted(
      (one, other) =>
        reach(other) - reach(one) || ORDER.indexOf(one.type.name) - ORDER.indexOf(other.type.name),
    );
    const end = reach(mark);
    const inner = inlineHtml(nodes.slice(at, end), [...open, mark]);
    written += `${opening(mark)}${inner}</${MARKS[mark.type.name]}>`;
    at = end;
  }
  return written;
};

const children = (node) => Array.from({ length: node.childCount }, (_, at) => node.child(at));

const itemHtml = (item) => {
  const [first, ...rest] = children(item);
  if (rest.some((node) => node.type.name === "paragraph")) return blocksHtml(item);
  return inlineHtml(children(first)) + rest.map((node) => `\n${blockHtml(node)}`).join("");
};

const blockHtml = (node) => {
  switch (node.type.name) {
    case "paragraph":
      return `<p>${inlineHtml(children(node))}</p>`;
    case "heading":
      return `<h${node.attrs.level}>${inlineHtml(children(node))}</h${node.attrs.level}>`;
    default: {
      const tag = node.type.name === "bulletList" ? "ul" : "ol";
      const items = children(node).map((item) => `<li>${itemHtml(item)}</li>\n`);
      return `<${tag}>\n${items.join("")}</${tag}>`;
    }
  }
};

const blocksHtml = (node) => children(node).map(blockHtml).join("\n");

// The HTML of a document. `kept` are the blocks as they came: {before, source, html as written here}.
export const write = (doc, isLine, kept) => {
  if (isLine) {
    const html = inlineHtml(children(doc.firstChild));
    return kept[0]?.html === html ? kept[0].source : html;
  }
  let written = "";
  let place = 0;
  for (const node of children(doc)) {
    const html = blockHtml(node);
    const ahead = kept.findIndex((block, at) => at >= place && block.html === html);
    const at = ahead < 0 ? kept.findIndex((block) => block.html === html) : ahead;
    // An empty line is the editor's, unless the text had one like it.
    if (html === "<p></p>" && at < 0) continue;
    const before = (at < 0 ? kept[place] : kept[at])?.before || (at < 0 ? "\n" : "");
    written += (written && before) + (at < 0 ? html : kept[at].source);
    if (at >= 0) place = at + 1;
  }
  return written;
};

// --- Reading -----------------------------------------------------------------------------------------

const TAG = /<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?>/g;

// The topmost blocks of canonical HTML as {before, source}; null where text stands between them.
const topmost = (source) => {
  const blocks = [];
  let depth = 0;
  let begin = 0;
  let end = 0;
  for (const tag of source.matchAll(TAG)) {
    if (tag[2] === "br" || tag[2] === "img") continue;
    if (tag[1]) depth -= 1;
    else if (!depth++) begin = tag.index;
    if (depth < 0) return null;
    if (depth || !tag[1]) continue;
    blocks.push({ before: source.slice(end, begin), source: source.slice(begin, tag.index + tag[0].length) });
    end = tag.index + tag[0].length;
  }
  const between = [...blocks.map((block) => block.before), source.slice(end)].join("");
  return depth || between.trim() ? null : blocks;
};

const dom = (html) => new DOMParser().parseFromString(`<body>${html}`, "text/html").body;

// HTML with every blank that a browser would not show taken out, to compare what two texts mean.
const shownForm = (html) => {
  const body = dom(html);
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    walker.currentNode.data = walker.currentNode.data.replace(/[ \t\r\n\f]+/g, " ");
  }
  const edges = new RegExp(` ?(</?(?:${BLOCKS.join("|")}|br)(?: [^<>]*)?>) ?`, "g");
  let text = body.innerHTML;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text
      .replace(/ ((?:<\/?(?:a|strong|em)(?: [^<>]*)?>)+) /g, " $1")
      .replace(edges, "$1")
      // A blank at the edge of a block, within a mark that begins or ends there.
      .replace(/(<(?:p|li|h2|h3|h4|br)>(?:<(?:a|strong|em)(?: [^<>]*)?>)*) /g, "$1")
      .replace(/ ((?:<\/(?:a|strong|em)>)*(?:<\/(?:p|li|h2|h3|h4)>|<br>|<ul>|<ol>))/g, "$1");
  }
  return text.trim();
};

const nodesOf = (prose, schema, html) =>
  prose.pm.model.DOMParser.fromSchema(schema).parse(dom(html)).content;

// A text as {doc, kept} for an editor with this schema, or null where the editor would lose
// anything of it.
export const read = (prose, schema, isLine, source) => {
  const kept = [];
  if (!source.trim()) return { doc: schema.topNodeType.createAndFill(), kept };
  const blocks = isLine ? [{ before: "", source }] : topmost(source);
  if (!blocks) return null;
  const nodes = [];
  for (const block of blocks) {
    const content = nodesOf(prose, schema, block.source);
    if (content.childCount !== 1) return null;
    const node = content.firstChild;
    const html = isLine ? inlineHtml(children(node)) : blockHtml(node);
    const wrap = (text) => (isLine ? `<p>${text}</p>` : text);
    if (shownForm(wrap(html)) !== shownForm(wrap(block.source))) return null;
    kept.push({ ...block, html });
    nodes.push(node);
  }
  return { doc: schema.topNodeType.create(null, nodes), kept };
};
