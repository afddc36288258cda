"""Merging what two people made of the same form: a function of three values, without a database.

A form is a set of fields and some lists of rows. Fields merge one by one, rows by their keys, the
orders of rows and of lists by what was moved. What both changed differently is a collision, for a
person to decide; nothing else is ever dropped.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

# What a field says: a text, or a list of different texts in order.
Value = str | tuple[str, ...]
# Where a collision is: (field), (list) for its order, (list, key) or (list, key, field).
Path = tuple[str, ...]
# Equal to nothing that a form can post: stands for what a field said before, where nobody knows.
_UNKNOWN = "\x00"


@dataclass(frozen=True)
class Row:
    """A row of a list. Keys are the same in every version of a form; two rows never share one."""

    key: str
    values: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class FormValues:
    """Everything that a form says, with every text in its stored form."""

    fields: dict[str, Value]
    rows: dict[str, tuple[Row, ...]]

    def at(self, path: Path) -> "Side":
        """What stands at a place; None where there is nothing."""
        name, *rest = path
        if name in self.fields:
            return self.fields[name]
        rows = {row.key: row for row in self.rows[name]}
        if not rest:
            return tuple(rows)
        row = rows.get(rest[0])
        return row and (row.values[rest[1]] if rest[1:] else row)


Side = Value | Row | None


@dataclass(frozen=True)
class Collision:
    """A place that both changed; None stands for “not there”, and for an unknown past."""

    path: Path
    before: Side
    mine: Side
    theirs: Side


@dataclass(frozen=True)
class Merged:
    """The merged form. Where there is a collision it says what `mine` said."""

    values: FormValues
    collisions: tuple[Collision, ...]


def merge(base: FormValues | None, mine: FormValues, theirs: FormValues) -> Merged:
    """Both sets of changes to `base`; None where it is unknown, so that every difference collides."""
    mine = _with_the_same_keys(base, mine, theirs)
    before = base or _unknown(mine, theirs)
    collisions: list[Collision] = []
    fields = _merge_fields((), before.fields, mine.fields, theirs.fields, collisions)
    rows = {
        name: _merge_rows(
            name,
            None if base is None else base.rows.get(name, ()),
            before.rows.get(name, ()),
            mine.rows[name],
            theirs.rows.get(name, ()),
            collisions,
        )
        for name in mine.rows
    }
    return Merged(FormValues(fields, rows), tuple(collisions))


def take_theirs(values: FormValues, theirs: FormValues, paths: Collection[Path]) -> FormValues:
    """The form after somebody decided for the other side at some of the places that collided."""
    fields, rows = dict(values.fields), dict(values.rows)
    for path in paths:
        name = path[0]
        if name in fields:
            fields[name] = theirs.fields[name]
        elif len(path) == 1:
            of_key = {row.key: row for row in rows[name]}
            order = inserted(
                [row.key for row in theirs.rows[name] if row.key in of_key], list(of_key)
            )
            rows[name] = tuple(of_key[key] for key in order)
        else:
            rows[name] = _row_of_theirs(rows[name], theirs.rows[name], path)
    return FormValues(fields, rows)


def changed_paths(before: FormValues, after: FormValues) -> list[Path]:
    """Every place in which two forms differ, once; a new or missing row is one place."""
    paths: list[Path] = [
        (name,) for name in after.fields if before.fields.get(name) != after.fields[name]
    ]
    for name, rows in after.rows.items():
        old = {row.key: row for row in before.rows.get(name, ())}
        new = {row.key: row for row in rows}
        for key in [*new, *(key for key in old if key not in new)]:
            if key not in old or key not in new:
                paths.append((name, key))
            else:
                values = new[key].values
                paths += [(name, key, at) for at in values if old[key].values.get(at) != values[at]]
        if [key for key in old if key in new] != [key for key in new if key in old]:
            paths.append((name,))
    return paths


def _merge_fields(
    path: Path,
    before: Mapping[str, Value],
    mine: Mapping[str, Value],
    theirs: Mapping[str, Value],
    collisions: list[Collision],
) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name, my in mine.items():
        old, their = before.get(name), theirs.get(name)
        value = _merge_value(old, my, their)
        if value is None:
            known = None if old == _UNKNOWN else old
            collisions.append(Collision((*path, name), known, my, their))
        merged[name] = my if value is None else value
    return merged


def _merge_value(before: Value | None, mine: Value, theirs: Value | None) -> Value | None:
    """What both leave standing; None where they collide."""
    if theirs is None or mine == theirs or theirs == before:
        return mine
    if mine == before:
        return theirs
    if isinstance(before, tuple) and isinstance(mine, tuple) and isinstance(theirs, tuple):
        kept = {
            entry
            for entry in {*mine, *theirs}
            if entry not in before or (entry in mine and entry in theirs)
        }
        order, collided = _merge_order(before, mine, theirs, kept)
        return None if collided else tuple(order)
    return None


def _merge_rows(
    name: str,
    known: Sequence[Row] | None,
    before: Sequence[Row],
    mine: Sequence[Row],
    theirs: Sequence[Row],
    collisions: list[Collision],
) -> tuple[Row, ...]:
    old, my, their = ({row.key: row for row in rows} for rows in (before, mine, theirs))
    merged: dict[str, Row] = {}
    for key in dict.fromkeys([*my, *their]):
        ours, others, was = my.get(key), their.get(key), old.get(key)
        if ours and others:
            values = was.values if was else {}
            fields = _merge_fields((name, key), values, ours.values, others.values, collisions)
            merged[key] = Row(key, fields)
            continue
        left = ours or others
        if was is None:
            merged[key] = left
        elif left != was:
            # One side removed the row that the other one changed.
            collisions.append(
                Collision((name, key), was if known is not None else None, ours, others)
            )
            if ours:
                merged[key] = ours
    keys = [None if rows is None else [row.key for row in rows] for rows in (known, mine, theirs)]
    order, collided = _merge_order(*keys, merged.keys())
    if collided:
        collisions.append(
            Collision((name,), tuple(keys[0] or ()) or None, tuple(keys[1]), tuple(keys[2]))
        )
    return tuple(merged[key] for key in order)


def _merge_order(
    before: Sequence[str] | None,
    mine: Sequence[str],
    theirs: Sequence[str],
    kept: Collection[str],
) -> tuple[list[str], bool]:
    """The kept keys in the order of the side that moved any, and whether both did so differently."""
    everywhere = set(mine) & set(theirs) & set(kept)
    if before is not None:
        everywhere &= set(before)
    my, their = ([key for key in order if key in everywhere] for order in (mine, theirs))
    old = None if before is None else [key for key in before if key in everywhere]
    if my == old:
        first, second = theirs, mine
    else:
        first, second = mine, theirs
    order = inserted([key for key in first if key in kept], [key for key in second if key in kept])
    return order, my != their and old not in (my, their)


def inserted(order: list[str], others: Sequence[str]) -> list[str]:
    """`order` with the keys that it lacks, each behind the key that stands before it in `others`."""
    order = list(order)
    previous: str | None = None
    for key in others:
        if key not in order:
            order.insert(0 if previous is None else order.index(previous) + 1, key)
        previous = key
    return order


def _with_the_same_keys(
    base: FormValues | None, mine: FormValues, theirs: FormValues
) -> FormValues:
    """Give rows that both sides added with the same content the same key: they are one row.

    A form that was posted twice adds its rows twice.
    """
    rows: dict[str, tuple[Row, ...]] = {}
    for name, my in mine.rows.items():
        known = {row.key for row in (*my, *(base.rows.get(name, ()) if base else ()))}
        free = [row for row in theirs.rows.get(name, ()) if row.key not in known]
        told = {row.key for row in theirs.rows.get(name, ())} | (
            {row.key for row in base.rows.get(name, ())} if base else set()
        )
        renamed = []
        for row in my:
            twin = next((other for other in free if other.values == row.values), None)
            if row.key not in told and twin:
                free.remove(twin)
                row = replace(row, key=twin.key)
            renamed.append(row)
        rows[name] = tuple(renamed)
    return replace(mine, rows=rows)


def _unknown(mine: FormValues, theirs: FormValues) -> FormValues:
    """A past in which everything said something else."""
    rows: dict[str, tuple[Row, ...]] = {}
    for name, of_mine in mine.rows.items():
        all_rows = {row.key: row for row in (*of_mine, *theirs.rows.get(name, ()))}
        rows[name] = tuple(
            Row(key, {"": _UNKNOWN, **dict.fromkeys(row.values, _UNKNOWN)})
            for key, row in all_rows.items()
        )
    return FormValues(dict.fromkeys(mine.fields, _UNKNOWN), rows)


def _row_of_theirs(rows: Sequence[Row], theirs: Sequence[Row], path: Path) -> tuple[Row, ...]:
    """The rows with one of them, or one field of it, as it is on the other side."""
    _name, key, *at = path
    of_key = {row.key: row for row in rows}
    chosen = next((row for row in theirs if row.key == key), None)
    if at and chosen:
        values = {**of_key[key].values, at[0]: chosen.values[at[0]]} if key in of_key else {}
        chosen = Row(key, values or chosen.values)
    if chosen is None:
        return tuple(row for row in rows if row.key != key)
    of_key[key] = chosen
    present = [row.key for row in rows]
    order = inserted(present, [row.key for row in theirs if row.key in of_key])
    return tuple(of_key[at_key] for at_key in order)
