"""Two people's changes to one form are both kept, or both shown: never one of them lost."""

from hypothesis import given
from hypothesis import strategies as st

from editorial.keeping.merging import (
    Collision,
    FormValues,
    Row,
    changed_paths,
    merge,
    take_theirs,
)

words = st.sampled_from(["", "a", "b", "c"])
lists = st.lists(st.sampled_from(["one", "two", "three", "four"]), unique=True).map(tuple)


def forms(*new_keys: str) -> st.SearchStrategy[FormValues]:
    """Any form whose rows have keys that all sides know, or keys of its own."""
    rows = st.lists(
        st.builds(
            Row,
            st.sampled_from(["1", "2", "3", "4", *new_keys]),
            st.fixed_dictionaries({"heading": words, "tags": lists}),
        ),
        unique_by=lambda row: row.key,
        max_size=6,
    ).map(tuple)
    return st.builds(
        FormValues,
        st.fixed_dictionaries({"title": words, "names": lists}),
        st.fixed_dictionaries({"sections": rows}),
    )


bases, mine_of_any, theirs_of_any = forms(), forms("new:1", "new:2"), forms("8", "9")


def form(title="Pain", names=(), **sections: str) -> FormValues:
    rows = tuple(Row(key, {"heading": text}) for key, text in sections.items())
    return FormValues({"title": title, "names": tuple(names)}, {"sections": rows})


def at(values: FormValues, path: tuple[str, ...]):
    """What stands at a place; None where its row is missing."""
    name, *rest = path
    if name in values.fields:
        return values.fields[name]
    rows = {row.key: row for row in values.rows[name]}
    if not rest:
        return list(rows)
    row = rows.get(rest[0])
    return row and (row.values[rest[1]] if len(rest) > 1 else row)


@given(bases, mine_of_any)
def test_where_one_side_changed_nothing_the_other_side_stands(base, changed):
    assert merge(base, changed, base).values == changed
    assert merge(base, base, changed).values == changed
    assert not merge(base, changed, base).collisions
    assert not merge(base, base, changed).collisions


@given(bases, mine_of_any)
def test_what_both_say_is_no_collision(base, changed):
    assert merge(base, changed, changed).values == changed
    assert not merge(base, changed, changed).collisions


@given(bases, mine_of_any, theirs_of_any)
def test_no_change_of_either_side_is_lost(base, mine, theirs):
    merged = merge(base, mine, theirs)
    collided = {collision.path for collision in merged.collisions}
    said = [row.values for row in merged.values.rows["sections"]]
    for side in (mine, theirs):
        for path in changed_paths(base, side):
            if collided & {path, path[:2], path[:1]}:
                continue
            before, after, now = at(base, path), at(side, path), at(merged.values, path)
            if isinstance(after, tuple):
                assert set(after) - set(before or ()) <= set(now)
                assert not (set(before or ()) - set(after)) & set(now)
            elif len(path) == 1 and path[0] in base.rows:
                moved = [key for key in after if key in before and key in now]
                other = at(theirs if side is mine else mine, path)
                moved = [key for key in moved if key in other]
                stayed = [key for key in before if key in moved]
                # A side that moved only what the other one removed moved nothing that is left.
                assert moved == stayed or [key for key in now if key in moved] == moved
            elif isinstance(after, Row) and before is None:
                assert now is not None or after.values in said
            elif after is None:
                assert now is None
            else:
                assert now == after


@given(bases, mine_of_any, theirs_of_any)
def test_it_does_not_matter_who_saved_first(base, mine, theirs):
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    here = at(base, ("sections",))

    def said(collision, side):
        # A row that both added with the same words goes by the key that the other side gave it.
        order = collision.path == ("sections",)
        return str([key for key in side if key in here] if order else side)

    swapped = {(c.path, said(c, c.mine), said(c, c.theirs)) for c in one.collisions}
    assert swapped == {(c.path, said(c, c.theirs), said(c, c.mine)) for c in other.collisions}
    if not one.collisions:
        assert {name: set(value) for name, value in one.values.fields.items()} == {
            name: set(value) for name, value in other.values.fields.items()
        }
        contents = [
            sorted((row.values["heading"], sorted(row.values["tags"])) for row in rows)
            for rows in (one.values.rows["sections"], other.values.rows["sections"])
        ]
        assert contents[0] == contents[1]


@given(bases, mine_of_any, theirs_of_any)
def test_a_decision_is_carried_out_and_settles_the_collision(base, mine, theirs):
    merged = merge(base, mine, theirs)
    paths = [collision.path for collision in merged.collisions]
    decided = take_theirs(merged.values, theirs, paths)
    for path in paths:
        wanted, found = at(theirs, path), at(decided, path)
        if len(path) == 1 and path[0] in theirs.rows:
            assert [key for key in found if key in wanted] == [k for k in wanted if k in found]
        elif not any(path[: len(other)] == other and path != other for other in paths):
            assert found == wanted
    assert not merge(theirs, decided, theirs).collisions
    assert take_theirs(merged.values, theirs, []) == merged.values


@given(mine_of_any, theirs_of_any)
def test_with_an_unknown_past_every_difference_is_for_a_person_to_decide(mine, theirs):
    merged = merge(None, mine, theirs)
    decided = take_theirs(merged.values, theirs, [one.path for one in merged.collisions])
    assert set(changed_paths(theirs, decided)) <= {("sections",)}
    if not merged.collisions:
        assert not changed_paths(theirs, merged.values)


def test_changes_in_different_places_are_both_kept():
    base = form(names=["Ache"], a="First", b="Second", c="Third")
    mine = form(names=["Ache", "Hurt"], b="Second", a="First, mine", c="Third")
    theirs = form("Belly pain", ["Ache", "Sore"], a="First", b="Second, theirs", c="Third", d="New")
    merged = merge(base, mine, theirs)
    assert not merged.collisions
    assert merged.values == form(
        "Belly pain",
        ["Ache", "Hurt", "Sore"],
        b="Second, theirs",
        a="First, mine",
        c="Third",
        d="New",
    )


def test_a_section_that_one_removed_and_the_other_changed_is_shown():
    base = form(a="First", b="Second")
    merged = merge(base, form(a="First"), form(a="First", b="Changed"))
    assert merged.collisions == (
        Collision(
            ("sections", "b"),
            Row("b", {"heading": "Second"}),
            None,
            Row("b", {"heading": "Changed"}),
        ),
    )
    taken = take_theirs(merged.values, form(a="First", b="Changed"), [("sections", "b")])
    assert taken == form(a="First", b="Changed")


def test_two_orders_are_shown():
    base = form(a="1", b="2", c="3")
    merged = merge(base, form(c="3", a="1", b="2"), form(b="2", a="1", c="3"))
    assert [collision.path for collision in merged.collisions] == [("sections",)]
    assert at(merged.values, ("sections",)) == ["c", "a", "b"]
    theirs = take_theirs(merged.values, form(b="2", a="1", c="3"), [("sections",)])
    assert at(theirs, ("sections",)) == ["b", "a", "c"]


def test_a_row_that_was_added_twice_with_the_same_words_is_one_row():
    base = form(a="First")
    mine = FormValues(
        base.fields,
        {"sections": (*form(a="First").rows["sections"], Row("new:1", {"heading": "New"}))},
    )
    theirs = form(a="First", x="New")
    assert merge(base, mine, theirs).values == theirs
