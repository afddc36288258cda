"""A guard that turns every un-suffixed translated name in our code into an error while tests run.

`topic.title` means another column in every request: the one of the language that happens to be active.
Our code names `title_en` or `title_es`. Reading the source cannot always tell whose `title` it sees, so
the guard watches django-modeltranslation at work and asks who called. Templates and forms may use the bare
name, and reach it through Django's code; our own modules may not.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from unittest import mock

import modeltranslation
from django import db
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.db.models.sql.query import Query
from modeltranslation import manager, translator
from modeltranslation.fields import TranslationFieldDescriptor

from .source import is_production

ALLOWED_FILES = {"forms.py", "translation.py"}
# Frames of these packages stand between a caller and the lookup it wrote.
LOOKUP_MACHINERY = tuple(str(Path(package.__file__).parent) for package in (db, modeltranslation))


class SuffixMissing(AssertionError):
    """One of our modules used a translated name without its language."""


def bare_fields(model: type[Model]) -> set[str]:
    """The names of a model that need a language: empty for a model that is not registered."""
    if model not in translator.translator.get_registered_models(abstract=False):
        return set()
    return set(translator.translator.get_options_for_model(model).all_fields)


def bare_name_in(model: type[Model], lookup: str) -> str | None:
    """The first bare translated name on the way of a lookup like "-group__name", as "TopicGroup.name"."""
    for name in lookup.removeprefix("-").removeprefix("+").split("__"):
        if name in bare_fields(model):
            return f"{model.__name__}.{name}"
        try:
            related = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return None
        if related is None:
            return None
        model = related
    return None


def _refuse(name: str, frame: FrameType) -> None:
    path = Path(frame.f_code.co_filename)
    if is_production(path) and path.name not in ALLOWED_FILES:
        raise SuffixMissing(f"{path}:{frame.f_lineno} uses {name} without a language")


def _caller_of_lookup() -> FrameType | None:
    frame = sys._getframe(2)
    while frame and frame.f_code.co_filename.startswith((*LOOKUP_MACHINERY, __file__)):
        frame = frame.f_back
    return frame


def _refuse_lookups(model: type[Model], lookups: Iterable[str]) -> None:
    for lookup in lookups:
        name = bare_name_in(model, lookup)
        frame = _caller_of_lookup() if name else None
        if name and frame:
            _refuse(name, frame)


def _watched_attribute(original: Callable) -> Callable:
    def access(self: TranslationFieldDescriptor, instance: Model | None, *rest: object) -> object:
        if instance is not None:
            # The caller itself, not whoever called Django: forms and templates may.
            _refuse(f"{type(instance).__name__}.{self.field.name}", sys._getframe(1))
        return original(self, instance, *rest)

    return access


def _watched_rewrite(original: Callable) -> Callable:
    def rewrite(model: type[Model], lookup: str) -> str:
        # Model.save() sends every column through _update; nobody wrote those names.
        if sys._getframe(1).f_code.co_name != "_update":
            _refuse_lookups(model, [lookup])
        return original(model, lookup)

    return rewrite


def _watched_only(original: Callable) -> Callable:
    def append(model: type[Model], lookup: str) -> set[str]:
        _refuse_lookups(model, [lookup])
        return original(model, lookup)

    return append


def _watched_values(original: Callable) -> Callable:
    def append(model: type[Model], fields: Iterable[str]) -> object:
        _refuse_lookups(model, fields)
        return original(model, fields)

    return append


def _watched_path(original: Callable) -> Callable:
    def names_to_path(
        self: Query, names: list[str], opts: object, *args: object, **kwargs: object
    ) -> object:
        # A query of no model checks a constraint against the values of one row.
        if names[0] != "pk" and opts is not None:
            _refuse_lookups(opts.model, ["__".join(names)])
        return original(self, names, opts, *args, **kwargs)

    return names_to_path


def _watched_columns(original: Callable, argument: str) -> Callable:
    def method(self: Model, *args: object, **kwargs: object) -> object:
        _refuse_lookups(type(self), kwargs.get(argument) or ())
        return original(self, *args, **kwargs)

    return method


@contextmanager
def installed() -> Iterator[None]:
    """Watch attributes, keyword arguments, lookups and lists of columns until the block ends."""
    watched = (
        (TranslationFieldDescriptor, "__get__", _watched_attribute),
        (TranslationFieldDescriptor, "__set__", _watched_attribute),
        (manager, "rewrite_lookup_key", _watched_rewrite),
        (translator, "rewrite_lookup_key", _watched_rewrite),
        (manager, "append_lookup_key", _watched_only),
        (manager, "append_fallback", _watched_values),
        (Query, "names_to_path", _watched_path),
        (Model, "save", lambda original: _watched_columns(original, "update_fields")),
        (Model, "refresh_from_db", lambda original: _watched_columns(original, "fields")),
    )
    patches = [
        mock.patch.object(owner, name, watch(getattr(owner, name)))
        for owner, name, watch in watched
    ]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
