"""A stranger's cookie names a session or nothing."""

import pytest
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", [r'"\000aaaaaaaaa"', r'"\303\261aaaaaaaaa"', "a' or 1=1", "²" * 9])
def test_a_key_that_could_not_be_ours_opens_nothing(client, key):
    answer = client.get("/admin/login/", headers={"cookie": f"sessionid={key}"})
    assert answer.status_code == 200


def test_our_own_keys_open_their_sessions(client):
    client.force_login(User.objects.create_superuser("ana", password="x"))
    assert client.get("/admin/").status_code == 200
