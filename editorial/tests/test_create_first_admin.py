import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def create() -> str:
    printed = io.StringIO()
    call_command("create_first_admin", stdout=printed)
    return printed.getvalue()


def test_the_first_administrator_can_sign_in_with_the_printed_password(client):
    password = create().split("password ")[1].split()[0]
    assert client.login(username="admin", password=password)
    assert User.objects.get().is_superuser


def test_where_an_administrator_exists_nothing_is_created_or_printed():
    User.objects.create_superuser("alice", password="a long enough password")
    assert create() == ""
    assert User.objects.count() == 1
