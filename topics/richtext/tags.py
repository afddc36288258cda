"""The tags of canonical HTML: how they are found, taken apart and written."""

import re
from collections.abc import Mapping

_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
LINK_OR_PICTURE = re.compile(r"<(/?)(a|img)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>")


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a canonical start tag; nearly every link has its address and no other."""
    if written.startswith(' href="') and written.find('"', 7) == len(written) - 1:
        return {"href": written[7:-1]}
    return dict(_ATTRIBUTE.findall(written))


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """A start tag; the values are already escaped."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>"
