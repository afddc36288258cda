"""Units in English and Spanish words, and what they measure."""

import re
from fractions import Fraction
from typing import NamedTuple

# Canonical unit -> the ways to write it, in both languages.
_WRITTEN = {
    "mg": "mg milligram milligrams miligramo miligramos",
    "mcg": "mcg µg μg ug microgram micrograms microgramo microgramos",
    "g": "g gram grams gramo gramos",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramo kilogramos",
    "lb": "lb lbs pound pounds libra libras",
    "oz": "oz ounce ounces onza onzas",
    "ml": "ml cc milliliter milliliters mililitro mililitros",
    "dl": "dl deciliter deciliters decilitro decilitros",
    "l": "l liter liters litro litros",
    "tsp": "tsp teaspoon teaspoons cucharadita cucharaditas",
    "tbsp": "tbsp tablespoon tablespoons cucharada cucharadas",
    "cup": "cup cups taza tazas",
    "mm": "mm millimeter millimeters milímetro milímetros",
    "cm": "cm centimeter centimeters centímetro centímetros",
    "m": "m meter meters metro metros",
    "km": "km kilometer kilometers kilómetro kilómetros",
    "inch": "inch inches pulgada pulgadas",
    "foot": "ft foot feet pie pies",
    "mile": "mile miles milla millas",
    "°F": "°F ºF degrees_F degrees_Fahrenheit Fahrenheit grados_F grados_Fahrenheit",
    "°C": "°C ºC degrees_C degrees_Celsius Celsius grados_C grados_Celsius grados_centígrados",
    "%": "% percent per_cent por_ciento",
    "unit": "IU UI unit units unidad unidades",
    "mmHg": "mmHg mm_Hg mm_of_mercury mm_de_mercurio",
    "mmol": "mmol millimole millimoles milimol milimoles",
    "mEq": "mEq",
    "calorie": "calorie calories kcal caloría calorías",
    "second": "second seconds segundo segundos",
    "minute": "min minute minutes minuto minutos",
    "hour": "h hr hrs hour hours hora horas",
    "day": "day days día días",
    "week": "week weeks semana semanas",
    "month": "month months mes meses",
    "year": "year years año años",
    "time": "time times vez veces",
    "dose": "dose doses dosis",
    "tablet": "tablet tablets tableta tabletas pill pills pastilla pastillas comprimido comprimidos",
    "drop": "drop drops gota gotas",
}
_NAMES = {
    written.replace("_", " ").casefold(): unit
    for unit, words in _WRITTEN.items()
    for written in words.split()
}
_ONE = "|".join(
    re.escape(name).replace(r"\ ", r"\s") for name in sorted(_NAMES, key=len, reverse=True)
)
# A unit right behind its number, with the unit it is counted by: “ mg/dL”, “-hour”, " miligramos por día".
_BEHIND = re.compile(
    rf"(?:\s?-?\s?|\sde\s)(?P<unit>{_ONE})(?![^\W\d_])"
    rf"(?:(?:\s?/\s?|\s(?:per|por)\s)(?P<by>{_ONE})(?![^\W\d_]))?",
    re.IGNORECASE,
)


class Measure(NamedTuple):
    """An amount in the base unit of what is measured; `metric` says by which system."""

    what: str
    metric: bool
    amount: Fraction


# Unit -> what it measures, whether it is metric, and its size in the base unit (grams, litres, metres).
_SIZES = {
    "mcg": ("weight", True, Fraction(1, 10**6)),
    "mg": ("weight", True, Fraction(1, 1000)),
    "g": ("weight", True, Fraction(1)),
    "kg": ("weight", True, Fraction(1000)),
    "oz": ("weight", False, Fraction("28.35")),
    "lb": ("weight", False, Fraction("453.6")),
    "ml": ("volume", True, Fraction(1, 1000)),
    "dl": ("volume", True, Fraction(1, 10)),
    "l": ("volume", True, Fraction(1)),
    "mm": ("length", True, Fraction(1, 1000)),
    "cm": ("length", True, Fraction(1, 100)),
    "m": ("length", True, Fraction(1)),
    "km": ("length", True, Fraction(1000)),
    "inch": ("length", False, Fraction("0.0254")),
    "foot": ("length", False, Fraction("0.3048")),
    "mile": ("length", False, Fraction("1609.34")),
}


def unit_behind(text: str, at: int) -> tuple[str | None, int]:
    """The unit that stands at a place of a text (“mg”, “mg/dl”) and where it ends; None for none."""
    found = _BEHIND.match(text, at)
    if found is None:
        return None, at
    unit = _name(found["unit"])
    return (f"{unit}/{_name(found['by'])}" if found["by"] else unit), found.end()


def _name(written: str) -> str:
    return _NAMES[" ".join(written.casefold().split())]


def contradict(one: str | None, other: str | None) -> bool:
    """Whether two units, where both are known, say different things."""
    if one is None or other is None:
        return False
    return any(a != b for a, b in zip(one.split("/"), other.split("/"), strict=False))


def measure(value: Fraction, unit: str | None) -> Measure | None:
    """An amount by its base unit; temperatures in degrees Celsius. None where nothing converts."""
    if unit == "°F":
        return Measure("temperature", metric=False, amount=(value - 32) * 5 / 9)
    if unit == "°C":
        return Measure("temperature", metric=True, amount=value)
    if unit not in _SIZES:
        return None
    what, metric, size = _SIZES[unit]
    return Measure(what, metric, value * size)


def same_measure(one: Measure | None, other: Measure | None) -> bool:
    """Whether two amounts are the same: exactly within a system, about as much between systems."""
    if one is None or other is None or one.what != other.what:
        return False
    if one.metric == other.metric:
        return one.amount == other.amount
    if one.what == "temperature":
        return abs(one.amount - other.amount) <= 1
    return abs(one.amount - other.amount) <= max(one.amount, other.amount) * Fraction(3, 100)
