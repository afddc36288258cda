"""The one table of the search: what can be found, and the words by which it is found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from resources.models import Language
from topics.models import TopicLanguage


class Entry(models.Model):
    """A live topic in one language, as search results show it and as words find it.

    A projection of the live edition, written in the transaction that publishes it. The database
    derives its own index from the four columns of words: SQLite by triggers (sqlite.py), PostgreSQL
    by a generated column. So whatever writes a row, the index follows.
    """

    topic_language = models.OneToOneField(
        TopicLanguage, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    language = models.CharField(max_length=10, choices=Language)
    title = models.CharField(max_length=300)
    names = models.JSONField(default=list)
    text = models.TextField()
    title_words = models.TextField()
    names_words = models.TextField()
    headings_words = models.TextField()
    text_words = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.title
