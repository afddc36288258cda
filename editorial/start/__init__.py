"""The start page of the desk: what waits for whoever looks, and how the site stands."""
