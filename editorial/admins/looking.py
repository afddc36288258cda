"""Lists to look at only."""

from .listed import ListedAdmin


class LookingAdmin(ListedAdmin):
    """A list that nobody changes by hand."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
