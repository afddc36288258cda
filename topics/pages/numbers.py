"""Numbers as readers write them."""

from django.utils.formats import number_format
from django.utils.translation import get_language

from resources.models import Language

# The first number of five digits; a blank that ends no line.
_GROUPED_FROM = 10_000
_BLANK = "\N{NO-BREAK SPACE}"


def number(count: int) -> str:
    """A whole number in the form of the active language: 1,023 and 12,345; in Spanish 1023 and 12 345.

    Spanish after the Academies, that of the United States among them (Diccionario panhispánico de
    dudas, “números”): groups from five digits on, set apart by a blank. A comma or a point, either
    of which many Spanish-speaking readers take for the beginning of the decimals, is wrong there.
    """
    if get_language() != Language.SPANISH:
        return number_format(count, force_grouping=True)
    return str(count) if abs(count) < _GROUPED_FROM else f"{count:_}".replace("_", _BLANK)
