"""Outside templates and forms no translated name stands without its language (docs/architecture)."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from modeltranslation.translator import translator

from resources.models import Organization

from . import source, suffix_guard
from .suffix_guard import SuffixMissing, bare_fields, bare_name_in

# Calls whose keyword arguments are lookups or columns.
BY_KEYWORD = {
    "filter",
    "exclude",
    "get",
    "update",
    "create",
    "get_or_create",
    "update_or_create",
    "Q",
}
# Calls whose string arguments are lookups or columns.
BY_STRING = {
    *(
        "order_by",
        "values",
        "values_list",
        "only",
        "defer",
        "distinct",
        "bulk_update",
        "dates",
        "in_bulk",
    ),
    *(
        "F",
        "OuterRef",
        "Lower",
        "Upper",
        "Coalesce",
        "Count",
        "Max",
        "Min",
        "Length",
        "Trim",
        "Concat",
    ),
}
# Words that dictionaries and sets know too: looked at only where the chain is visibly a queryset.
SHARED_WITH_DICT = {"get", "update", "filter", "create"}
QUERYSET_MARKS = {
    "objects",
    "_default_manager",
    "_base_manager",
    "all",
    "filter",
    "exclude",
    "order_by",
}
ADMIN_OPTIONS = (
    *("list_display", "list_display_links", "list_filter", "list_editable"),
    *("search_fields", "ordering", "sortable_by"),
)


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in source.ROOMS]


# --- Reading the source -----------------------------------------------------------------------------


def called_name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def chain(call: ast.Call) -> Iterator[ast.expr]:
    """The expressions a method is called on, from the call outward to the first name."""
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute | ast.Call):
        yield node
        node = node.value if isinstance(node, ast.Attribute) else node.func
    yield node


def lookups_of(call: ast.Call) -> list[str]:
    name = called_name(call)
    found = []
    if name in BY_KEYWORD or name in {model.__name__ for model in our_models()}:
        visible = {node.attr for node in list(chain(call))[1:] if isinstance(node, ast.Attribute)}
        if name not in SHARED_WITH_DICT or visible & QUERYSET_MARKS:
            found += [keyword.arg for keyword in call.keywords if keyword.arg]
    if name in BY_STRING:
        found += [string for argument in call.args for string in literal_strings(argument)]
    return found


def literal_strings(node: ast.expr) -> Iterator[str]:
    """A string, or the strings of a literal list; what a comprehension makes is for the guard."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Starred):
        yield from literal_strings(node.value)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            yield from literal_strings(element)


def candidates(call: ast.Call) -> list[type[Model]]:
    """The models a call may be about: the one it names, else every model of ours."""
    names = {node.id for node in chain(call) if isinstance(node, ast.Name)}
    named = [model for model in our_models() if model.__name__ in names]
    return named or our_models()


def knows(model: type[Model], lookup: str) -> bool:
    try:
        model._meta.get_field(lookup.removeprefix("-").split("__")[0])
    except FieldDoesNotExist:
        return False
    return True


def bare_names(path: Path, tree: ast.Module) -> list[str]:
    """The calls whose lookup is bare for every model that it can be about."""
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        for lookup in lookups_of(call):
            verdicts = [
                bare_name_in(model, lookup) for model in candidates(call) if knows(model, lookup)
            ]
            if verdicts and all(verdicts):
                finding = f"{called_name(call)} uses {verdicts[0]} without a language"
                found.append(f"{source.place(path, call)}: {finding}")
    return found


def test_no_call_in_our_code_names_a_translated_field_without_its_language():
    findings = [
        finding
        for path in source.modules()
        if path.name not in suffix_guard.ALLOWED_FILES
        for finding in bare_names(path, source.parse(path))
    ]
    assert not findings, "\n".join(findings)


def bare_attributes(path: Path, tree: ast.Module) -> list[str]:
    """Attributes with the name of a translated field that a function of a migration uses.

    The models of a migration have no descriptors: there the bare name is a column that holds
    whatever language was saved last.
    """
    names = {name for model in our_models() for name in bare_fields(model)}
    return [
        f"{source.place(path, node)}: {node.attr} is used without a language"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def test_no_migration_of_data_names_a_translated_field_without_its_language():
    findings = [
        finding
        for path in source.migrations()
        for check in (bare_names, bare_attributes)
        for finding in check(path, source.parse(path))
    ]
    assert not findings, "\n".join(findings)


# --- Asking the registries --------------------------------------------------------------------------


def bound_names(model: type[Model]) -> set[str]:
    """Every name that an order, index or constraint of a model mentions."""
    meta = model._meta
    names = [name for name in meta.ordering if isinstance(name, str)]
    names += names_in_expressions(meta.ordering)
    names += [name for group in meta.unique_together for name in group]
    for rule in [*meta.indexes, *meta.constraints]:
        _, arguments, options = rule.deconstruct()
        names += getattr(rule, "fields", ())
        names += names_in_expressions([*arguments, *options.values()])
    return {name.removeprefix("-") for name in names}


def names_in_expressions(values: object) -> Iterator[str]:
    """The columns that F(), Q() and functions around them mention."""
    if isinstance(values, str) or not values:
        return
    if isinstance(values, list | tuple):
        for value in values:
            yield from names_in_expressions(value)
    elif hasattr(values, "children"):
        for child in values.children:
            if isinstance(child, tuple):
                yield child[0].split("__")[0]
            else:
                yield from names_in_expressions(child)
    elif hasattr(values, "get_source_expressions"):
        yield from names_in_expressions(values.get_source_expressions())
    elif hasattr(values, "name"):
        yield values.name.split("__")[0]


@pytest.mark.parametrize(
    "model", translator.get_registered_models(abstract=False), ids=lambda model: model.__name__
)
def test_no_order_index_or_constraint_binds_a_translated_field(model):
    unique = {name for name in bare_fields(model) if model._meta.get_field(name).unique}
    indexed = {name for name in bare_fields(model) if model._meta.get_field(name).db_index}
    assert not (bound_names(model) & bare_fields(model)) | unique | indexed


def bare_names_in_admin(model: type[Model], options: type | object) -> list[str]:
    lookups = [entry for option in ADMIN_OPTIONS for entry in getattr(options, option, None) or ()]
    lookups += [getattr(options, "date_hierarchy", None)]
    plain = [entry.lstrip("=^@") for entry in lookups if isinstance(entry, str)]
    return [name for name in (bare_name_in(model, entry) for entry in plain) if name]


def test_no_admin_list_shows_searches_or_sorts_by_a_bare_name():
    findings = []
    for model, model_admin in admin.site._registry.items():
        inlines = [(inline.model, inline) for inline in model_admin.inlines]
        for about, options in [(model, model_admin), *inlines]:
            findings += [f"{options}: {name}" for name in bare_names_in_admin(about, options)]
    assert not findings, "\n".join(findings)


# --- Each check bites -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "Organization.objects.filter(name='CDC')",
        "Organization.objects.all().exclude(name__startswith='C')",
        "Organization.objects.order_by('-name')",
        "Organization.objects.values_list('name', flat=True)",
        "Organization.objects.only('pk', 'name')",
        "Organization.objects.filter(pk=1).update(name='x')",
        "Organization.objects.bulk_update(rows, ['kind', *('name', 'url')])",
        "Organization.objects.get_or_create(name='x')",
        "Organization(name='x')",
    ],
)
def test_a_bare_name_in_the_source_is_noticed(code):
    assert bare_names(Path("bad.py"), ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "Organization.objects.filter(name_en='CDC').order_by('name_es')",
        "Organization.objects.bulk_update(rows, [f'{name}_en' for name in ('name', 'url')])",
        "{}.get('name')",
        "headers.update(name='x')",
        "User.objects.filter(username='x')",
        "Card(name='x')",
    ],
)
def test_a_good_name_in_the_source_passes(code):
    assert not bare_names(Path("good.py"), ast.parse(code))


@pytest.mark.parametrize("code", ["topic.title", "topic.title = 'x'", "topic.title.strip()"])
def test_a_bare_name_in_a_migration_is_noticed(code):
    tree = ast.parse(f"def fill(apps, schema_editor):\n    {code}")
    assert bare_attributes(Path("bad.py"), tree)


def test_a_bare_name_in_an_admin_class_is_noticed():
    class Bad:
        list_display = ("pk", "name")
        search_fields = ("=name",)

    assert bare_names_in_admin(Organization, Bad) == ["Organization.name"] * 2


def run_as_ours(code: str, module: str = "bad_example.py", **names: object) -> object:
    """Run code as if it stood in one of our rooms, and return what it calls `result`."""
    exec(compile(dedent(code), str(source.ROOT / "topics" / module), "exec"), names)  # noqa: S102
    return names.get("result")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code",
    [
        "organization.name",
        "organization.name = 'x'",
        "getattr(organization, 'name')",
        "Organization(name='x')",
        "Organization.objects.create(name='x')",
        "Organization.objects.filter(name='x')",
        "Organization.objects.order_by('name')",
        "list(Organization.objects.values('name'))",
        "Organization.objects.only('name')",
        "Organization.objects.update(name='x')",
        "Organization.objects.bulk_update([organization], ['name'])",
        "organization.save(update_fields=['name'])",
        "organization.refresh_from_db(fields=['name'])",
        "from django.db.models import F; Organization.objects.annotate(word=F('name'))",
        "from django.db.models.functions import Lower; list(Organization.objects.order_by(Lower('name')))",
    ],
)
def test_a_bare_name_at_work_is_refused(code):
    organization = Organization.objects.create(name_en="Institute")
    with pytest.raises(SuffixMissing, match=r"Organization\.name"):
        run_as_ours(code, organization=organization, Organization=Organization)


@pytest.mark.django_db
def test_suffixed_names_and_whole_rows_pass_the_guard():
    organization = run_as_ours(
        """
        result = Organization.objects.create(name_en="Institute", name_es="Instituto")
        result.name_es = "El Instituto"
        result.save()
        result.save(update_fields=["name_es"])
        result.full_clean()
        result.refresh_from_db()
        Organization.objects.filter(name_en="Institute").order_by("name_es").update(name_en="The Institute")
        list(Organization.objects.only("name_en"))
        """,
        Organization=Organization,
    )
    assert organization.name_es == "El Instituto"


@pytest.mark.django_db
def test_forms_and_tests_may_use_the_bare_name():
    organization = Organization.objects.create(name_en="Institute")
    assert (
        run_as_ours("result = organization.name", "forms.py", organization=organization)
        == "Institute"
    )
    assert organization.name == "Institute"
