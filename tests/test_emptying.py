"""What a test with transactions of its own leaves to the next one: a new installation."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from topics.models import Edition, HealthTopic, Page
from topics.tests.public import plain, publish

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_goes_and_what_an_installation_starts_with_comes_back():
    pages = Page.objects.count()
    with transaction.atomic():
        publish(plain("Malaria", 40))
    for model in (Page, HealthTopic, Edition):
        assert model.objects.exists()
    call_command("flush", interactive=False, verbosity=0)
    assert not HealthTopic.objects.exists()
    assert not Edition.objects.exists()
    assert Page.objects.count() == pages


def test_what_is_published_afterwards_is_guarded_again():
    call_command("flush", interactive=False, verbosity=0)
    with transaction.atomic():
        publish(plain("Malaria", 40))
    with pytest.raises(IntegrityError):
        Edition.objects.update(number=7)
    with pytest.raises(IntegrityError):
        Edition.objects.all().delete()
