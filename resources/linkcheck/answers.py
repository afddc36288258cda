"""What came of a visit, as the network side tells it to the database side."""

from dataclasses import dataclass

from resources.models import Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a visit. `wait` (seconds) is what the site asked for where it was busy.

    `of_host`: no page of the site would answer otherwise, so none of its others need be asked.
    """

    outcome: Outcome
    status: int | None = None
    detail: str = ""
    final_address: str = ""
    wait: float = 0.0
    of_host: bool = False
