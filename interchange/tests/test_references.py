"""What a record says of groups and other topics, where it does not fit what is here."""

import pytest

from topics.models import Membership, TopicGroup

from .importing import live, take_in
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
