"""Who works at the desk in these tests."""

import pytest
from django.contrib.auth.models import User


@pytest.fixture
def ana(client):
    """An administrator, signed in."""
    user = User.objects.create_superuser("ana", password="x", first_name="Ana")
    client.force_login(user)
    return user
