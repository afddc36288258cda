"""The site for machines that follow it: feeds, the sitemap, robots.txt."""
