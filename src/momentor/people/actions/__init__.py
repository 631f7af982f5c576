"""What people do with themselves, their place in an organisation, and the organisation."""

from momentor.people.actions.accounts import close_account, delete_account, reopen_account
from momentor.people.actions.availability import become_available, become_unavailable, pause, resume
from momentor.people.actions.groups import choose_group, end_grouping, start_grouping
from momentor.people.actions.guests import invite_by_mail, invite_from_csv
from momentor.people.actions.invitations import (
    accept_invitation,
    find_invitation,
    make_invitation,
    revoke_invitation,
)
from momentor.people.actions.joining import agree_to_conduct, approve, decline, join
from momentor.people.actions.members import (
    change_roles,
    leave_organisation,
    readmit,
    remove_member,
    suspend_member,
)
from momentor.people.actions.organisations import edit_organisation, found_organisation
from momentor.people.actions.profiles import (
    become_mentor,
    edit_person,
    edit_profile,
    forget_sample_answer,
    save_sample_answer,
    set_skills,
    stop_answering,
)
from momentor.people.actions.programmes import (
    edit_programme,
    enrol,
    offer_places,
    say_wish,
    start_programme,
    withdraw,
)

__all__ = [
    "accept_invitation",
    "agree_to_conduct",
    "approve",
    "become_available",
    "become_mentor",
    "become_unavailable",
    "change_roles",
    "choose_group",
    "close_account",
    "decline",
    "delete_account",
    "edit_organisation",
    "edit_person",
    "edit_profile",
    "edit_programme",
    "end_grouping",
    "enrol",
    "find_invitation",
    "forget_sample_answer",
    "found_organisation",
    "invite_by_mail",
    "invite_from_csv",
    "join",
    "leave_organisation",
    "make_invitation",
    "offer_places",
    "pause",
    "readmit",
    "remove_member",
    "reopen_account",
    "resume",
    "revoke_invitation",
    "save_sample_answer",
    "say_wish",
    "set_skills",
    "start_grouping",
    "start_programme",
    "stop_answering",
    "suspend_member",
    "withdraw",
]
