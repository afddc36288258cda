"""Give a new installation its first administrator."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

USERNAME = "admin"


class Command(BaseCommand):
    help = (
        "Create the administrator “admin” with a new password, shown once, where there is none yet."
    )

    def handle(self, *args: object, **options: object) -> None:
        users = get_user_model()
        if users.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(15)
        users.objects.create_superuser(USERNAME, password=password)
        self.stdout.write(
            f"Created the administrator “{USERNAME}” with the password {password}\n"
            "It is shown this once. Another: manage.py changepassword admin"
        )
