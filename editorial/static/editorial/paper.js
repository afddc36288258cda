// Shows the page in the preview as it is printed: what its style sheets say of paper holds on screen.

"use strict";

{
  const frame = document.querySelector("iframe.paper");

  const asPrinted = (rules) => {
    for (const rule of rules) {
      if (!rule.media) continue;
      if (rule.media.mediaText === "print") rule.media.mediaText = "all";
      else if (/\bscreen\b/.test(rule.media.mediaText)) rule.media.mediaText = "not all";
      asPrinted(rule.cssRules);
    }
  };

  const print = () => {
    for (const sheet of frame.contentDocument.styleSheets) asPrinted(sheet.cssRules);
    document.querySelector("[data-paper]").hidden = false;
  };

  frame.addEventListener("load", print);
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.styleSheets.length) print();
}
