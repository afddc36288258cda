"""Make the roles of the desk."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from editorial.roles.making import RightMissing, make_roles


class Command(BaseCommand):
    help = (
        "Make the roles of the desk as groups with their rights. A second run changes nothing; "
        "rights that were given to one of these groups by hand are taken back."
    )

    def handle(self, *args: object, **options: object) -> None:
        try:
            made = make_roles()
        except RightMissing as missing:
            raise CommandError(f"Run migrate first; unknown rights: {missing}") from missing
        for role in made:
            if role.is_new:
                line = "made, with %(given)d rights"
            elif role.given or role.taken:
                line = "%(given)d rights given, %(taken)d taken back"
            else:
                line = "as it should be"
            counts = {"given": role.given, "taken": role.taken}
            self.stdout.write(f"{_(role.name)}: {line % counts}")
