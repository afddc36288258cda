"""Between the rows that editors change and a TopicDocument: `assemble` reads, `store` writes.

The two are inverse: what `store` was given is what `assemble` returns, bindings apart. Both work
on many topics at once with a number of queries that does not depend on how many.
"""

from .assembling import assemble
from .storing import store

__all__ = ["assemble", "store"]
