// What public pages gain from a script. Without it nothing is missing.

(() => {
  "use strict";

  // --- A button that copies the citation -----------------------------------------------------

  const citation = document.querySelector(".citation");
  const button = document.querySelector("[data-copied]");
  if (citation && button && navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(citation.textContent.trim());
      button.nextElementSibling.textContent = button.dataset.copied;
    });
  }

  // --- The page in the language of the browser, offered once ---------------------------------

  const KEY = "language-offer";
  const base = (code) => code.toLowerCase().split("-")[0];

  const offered = () => {
    const here = document.documentElement.lang;
    const offers = [...document.querySelectorAll(".offer")];
    // Only what the page names as its counterpart is there to be read.
    const there = offers.filter((offer) =>
      document.head.querySelector(`link[rel="alternate"][hreflang="${offer.lang}"]`));
    const wish = navigator.languages.map(base).find((code) =>
      code === here || there.some((offer) => offer.lang === code));
    return there.find((offer) => offer.lang === wish);
  };

  const isFirst = () => {
    try {
      if (localStorage.getItem(KEY)) return false;
      localStorage.setItem(KEY, "offered");
      return true;
    } catch {
      // A browser that keeps nothing would be asked on every page.
      return false;
    }
  };

  const offer = offered();
  if (offer && isFirst()) {
    const link = offer.querySelector("a");
    link.href = document.querySelector(`.languages a[hreflang="${offer.lang}"]`).href;
    offer.hidden = false;
    const close = () => { offer.hidden = true; };
    // Who goes back finds the page as it was left.
    link.addEventListener("click", close);
    offer.querySelector("button").addEventListener("click", close);
  }
})();
