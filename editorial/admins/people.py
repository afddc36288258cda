"""Who works here, and in which roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.guard import GuardedAdmin, GuardedForm
from editorial.roles.telling import in_words, told

from .listed import yes_or_no

active = yes_or_no("is_active", gettext_lazy("active"))


class RolesField(forms.ModelMultipleChoiceField):
    """The roles by their names in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return _(obj.name)


class NewAccountForm(AdminUserCreationForm):
    """An account; everybody here signs in by a password, so there is no switch for that."""

    usable_password = None


class AccountForm(GuardedForm, UserChangeForm):
    """An account that is there. Its owner's signing in takes nothing from whoever edits it."""

    besides = ("last_login", "password")


class NewPasswordForm(AdminPasswordChangeForm):
    """A new password for somebody else."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields.pop("usable_password", None)


class RightsField(forms.ModelMultipleChoiceField):
    """The rights in the reader's language, kind by kind."""

    def label_from_instance(self, obj: Any) -> str:
        return ": ".join(in_words(obj))


class RoleFilter(admin.RelatedFieldListFilter):
    """People by their roles, named in the reader's language."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> list[tuple[Any, str]]:
        choices = super().field_choices(field, request, model_admin)
        return [(key, _(name)) for key, name in choices]


class PeopleAdmin(GuardedAdmin, UserAdmin):
    """Accounts and their roles. Only a superuser makes, or changes, a superuser.

    Who has acted is named for ever, so an account is closed (“active”) and never deleted.
    """

    list_display = ["username", "first_name", "last_name", "in_roles", active, "last_login"]
    list_filter = ["is_active", "is_superuser", ("groups", RoleFilter)]
    form = AccountForm
    through = [User.groups.through]
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2"]})]
    fieldsets = [
        (None, {"fields": ["username", "password", "seen"]}),
        (gettext_lazy("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (
            gettext_lazy("Roles"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups"]},
        ),
        (gettext_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ()
    actions = None
    labels = {
        "is_staff": gettext_lazy("May work in the administration"),
        "groups": gettext_lazy("Roles"),
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.labels:
            kwargs |= {"label": self.labels[db_field.name]}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        # Else a new password would make anybody's who may change people.
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request, obj=None):
        return False

    def note(self, request, obj, what, parts=""):
        # Which roles, for whoever asks later how somebody came by them.
        roles = " + ".join(sorted(obj.groups.values_list("name", flat=True))) or "-"
        given = [f"Roles: {roles}" if part == "Roles" else part for part in parts.split(", ")]
        super().note(request, obj, what, ", ".join(given))

    @transaction.atomic
    def user_change_password(self, request, *args, **kwargs):
        return super().user_change_password(request, *args, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"form_class": RolesField, "widget": forms.CheckboxSelectMultiple}
            kwargs |= {"help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("roles"))
    def in_roles(self, obj):
        """The names of a person's roles."""
        return ", ".join(sorted(_(group.name) for group in obj.groups.all()))


class RoleAdmin(GuardedAdmin, GroupAdmin):
    """The roles and further groups, named in the reader's language."""

    called = gettext_lazy("Roles")
    through = [Group.permissions.through]
    list_display = ["shown_name"]
    readonly_fields = ["shown_name", "rights"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "permissions":
            kwargs["form_class"] = RightsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        # What goes along is only which rights it had and who had it.
        _related, _counts, missing, protected = super().get_deleted_objects(objs, request)
        names = [_(role.name) for role in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, missing, protected

    def get_fields(self, request, obj=None):
        changing = self.has_change_permission(request, obj)
        return ["name", "permissions", "seen"] if changing else self.readonly_fields

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        # Django's headings call a role a group, and by its English name.
        named = {"title": _("Role"), "subtitle": _(obj.name)} if obj else {"title": _("Add role")}
        return super().render_change_form(request, context | named, *args, obj=obj, **kwargs)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def shown_name(self, obj):
        """The name as the reader says it."""
        return _(obj.name)

    @admin.display(description=gettext_lazy("rights"))
    def rights(self, obj):
        """What the role may do, kind by kind."""
        rows = format_html_join("", "<li>{}: {}</li>", told(obj))
        return format_html("<ul>{}</ul>", rows)
