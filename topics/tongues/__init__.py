"""Further languages than those of the site: their names, and the pages that list material in them."""
