"""Whether links still answer. Nothing else in the project asks the network about a link.

The web process imports `sources` and `standing` alone, which know no network.

addresses   what is asked for when an address is visited
guard       the only door to the network: public places, judged at each connection
robots      what a site's robots.txt lets programs visit (RFC 9309)
answers     what came of a visit
meaning     what a status, a header or an error means for a link
asking      one question to one site, after which pause, with which limits
visiting    an address with all its redirects, second opinions and retries
crew        many sites at once, in a thread of its own that knows no database
sources     where the addresses stand that readers are led to
standing    what is known of an address, and how an answer changes it
ledger      which addresses there are, whose turn it is, and what was found: the database
running     a whole run: claim sites, send the crew, write down, report
"""
