"""Addresses of people's pages."""

from django.urls import URLPattern, path

from momentor.people.views import account, joining, organisation, profiles, welcome

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("people/", profiles.people, name="people"),
    path("people/<uuid:person_id>/", profiles.person, name="person"),
    path("profile/", profiles.profile, name="profile"),
    path("profile/edit/", profiles.edit, name="edit"),
    path("profile/answering/", profiles.answering, name="answering"),
    path("profile/skills/", profiles.add_skill, name="add_skill"),
    path("profile/skills/removal/", profiles.drop_skill, name="drop_skill"),
    path("profile/skills/suggestions/", profiles.skill_suggestions, name="skill_suggestions"),
    path("profile/samples/<uuid:sample_id>/removal/", profiles.drop_sample, name="drop_sample"),
    path("availability/", profiles.availability, name="availability"),
    path("pause/", profiles.pause, name="pause"),
    path("pause/end/", profiles.resume, name="resume"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/<slug:name>/", welcome.step, name="welcome_step"),
    path("settings/", account.settings, name="settings"),
    path("settings/organisation/", organisation.organisation, name="organisation"),
    path("leave/", account.leave, name="leave"),
    path("export/", account.export, name="export"),
    path("account/delete/", account.delete, name="delete"),
    path("account/deleted/", account.deleted, name="deleted"),
    path("organisations/", joining.organisations, name="organisations"),
    path("at-the-door/", joining.door, name="door"),
    path("join/", joining.join, name="join"),
    path("join/agreement/", joining.agreement, name="agreement"),
    path("join/<str:token>/", joining.invitation, name="invitation"),
    path("members/", organisation.members, name="members"),
    path("members/queue/", organisation.approvals, name="approvals"),
    path("members/<uuid:member_id>/", organisation.member, name="member"),
    path("members/<uuid:member_id>/decision/", organisation.decision, name="decision"),
    path("members/<uuid:member_id>/removal/", organisation.removal, name="removal"),
    path("members/<uuid:member_id>/readmission/", organisation.readmission, name="readmission"),
    path("invitations/", organisation.invitations, name="invitations"),
    path("invitations/list/", organisation.roster, name="roster"),
    path("invitations/<uuid:invitation_id>/revocation/", organisation.revocation, name="revocation"),
    path("programmes/", organisation.programmes, name="programmes"),
    path("programmes/<uuid:programme_id>/", organisation.programme, name="programme"),
    path("programmes/<uuid:programme_id>/people/", organisation.enrolment, name="enrolment"),
    path("programmes/<uuid:programme_id>/withdrawal/", organisation.withdrawal, name="withdrawal"),
]
