"""What a record says of groups and other topics, where it does not fit what is here."""

import pytest

from topics.models import Membership, RelatedTopic, TopicGroup

from .importing import edit, give_out, live, row, take_in, working
from .records import file_of, topic

pytestmark = pytest.mark.django_db

ONE_GROUP = "Two of the groups it names are one group here; the first was kept."
SUMMARY = "<full-summary>&lt;p>Iron.&lt;/p></full-summary>"


@pytest.mark.parametrize("publish", [True, False])
def test_two_references_that_mean_one_group_here_are_one(publish):
    TopicGroup.objects.create(number=905, slug="blood905", name_en="Blood of Test")
    groups = '<group id="905">Blood</group><group>Blood of Test</group><group id="906">Food</group>'
    xml = file_of(topic(1, "Anemia", SUMMARY + groups))
    report = take_in(xml, publish=publish)
    assert (report.created, report.refusals) == (1, [])
    assert ONE_GROUP in {note.text for note in report.notes}
    assert list(Membership.objects.values_list("group__number", flat=True)) == [905, 906]
    if publish:
        assert [group.name for group in live(1).groups] == ["Blood", "Food"]
    # The working copy is what the import made of the record, so it is nobody's edit.
    assert take_in(xml, publish=publish).unchanged == 1
    newer = file_of(topic(1, "Anemia", SUMMARY + groups + "<see-reference>Iron</see-reference>"))
    assert take_in(newer, publish=publish).updated == 1


def test_a_number_of_another_installation_never_points_at_a_topic_made_here():
    take_in(file_of(topic(2, "Asthma", SUMMARY)))
    made_here = row(2)
    made_here.number = 1_500_000_001
    made_here.save()
    url = "https://health.example.org/asthma.html"
    inner = SUMMARY + "".join(
        f'<related-topic url="{url}" id="1500000001">{title}</related-topic>'
        for title in ("Theirs", "Theirs too")
    )
    xml = file_of(topic(1, "Anemia", inner))
    assert take_in(xml).created == 1
    assert set(RelatedTopic.objects.values_list("number", "target", "url")) == {(None, None, url)}
    assert working(1).content_digest() == live(1).content_digest()
    # The number is gone for good: what goes out names the topic by its address, and comes in again.
    written = give_out()
    assert b'id="1500000001">Theirs' not in written
    edit(1, also_called=("Tired blood",), publish=True)
    assert [reference.url for reference in live(1).related] == [url, url]
