// Proposes the address of a new topic from its title, by the rule the server has too.
"use strict";

{
  const title = document.getElementById("id_first_title");
  const slug = document.getElementById("id_slug");
  if (title && slug) {
    let proposed = slug.value;
    title.addEventListener("input", () => {
      if (slug.value !== proposed) return;
      proposed = title.value
        .normalize("NFKD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase()
        .replace(/[^a-z0-9]/g, "");
      slug.value = proposed;
    });
  }
}
