/* The fields in which Django's admin finds rows by typing: named as their labels name them. */
(() => {
  const $ = django.jQuery;
  const name = (field, select) => {
    if (field && select.labels.length) field.setAttribute("aria-label", select.labels[0].textContent.replace(/:\s*$/, ""));
  };
  // What several are chosen in stands on the page; what one is chosen in, while it is open.
  $(() => {
    for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) {
      name(select.parentElement.querySelector(".select2-search__field"), select);
    }
  });
  $(document).on("select2:open", (event) => {
    name(document.querySelector(".select2-container--open .select2-search__field"), event.target);
  });
})();
