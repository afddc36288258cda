"""Everything that the admin edits, and the class that edits it."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy
from taggit.models import Tag

from resources.models import InformationCategory, LinkCheck, Organization, Resource
from topics.models import (
    HealthTopic,
    Installation,
    Page,
    RefreshJob,
    ScheduledEdition,
    TopicGroup,
    TopicLanguage,
    TopicTag,
)

from .admins import acts, people, refreshes, reports, scheduled, shared, site, topics
from .link_health import queue
from .models import Act, ProblemReport

admin.site.site_header = gettext_lazy("Health topics")
admin.site.site_title = gettext_lazy("Health topics")

admin.site.register(HealthTopic, topics.HealthTopicAdmin)
admin.site.register(TopicLanguage, topics.TopicLanguageAdmin)
admin.site.register(TopicGroup, site.TopicGroupAdmin)
admin.site.register(TopicTag, site.TopicTagAdmin)
admin.site.register(Page, site.PageAdmin)
admin.site.register(Installation, site.InstallationAdmin)
admin.site.register(Resource, shared.ResourceAdmin)
admin.site.register(Organization, shared.OrganizationAdmin)
admin.site.register(InformationCategory, shared.InformationCategoryAdmin)
admin.site.register(ProblemReport, reports.ProblemReportAdmin)
admin.site.register(RefreshJob, refreshes.RefreshJobAdmin)
admin.site.register(ScheduledEdition, scheduled.ScheduledEditionAdmin)
admin.site.register(Act, acts.ActAdmin)
admin.site.register(LinkCheck, queue.LinkCheckAdmin)

# People and roles: in place of the stock classes, which let whoever edits people become anybody.
admin.site.unregister([User, Group])
admin.site.register(User, people.PeopleAdmin)
admin.site.register(Group, people.RoleAdmin)

# Topics bear tags of our own kind; the package's kind would only be mistaken for it.
admin.site.unregister(Tag)
