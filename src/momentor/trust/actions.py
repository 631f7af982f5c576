"""What people do to be left alone, and to call a moderator; what moderators do then."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import clean
from momentor.people.actions import suspend_member
from momentor.people.models import Block, Membership, Person
from momentor.people.standing import NotAMember, moderator
from momentor.trust.events import PersonBlocked, PersonUnblocked, ReportClosed, ReportMade
from momentor.trust.models import Report
from momentor.trust.subjects import subject_of

REPORTS_A_DAY = 20
LONGEST_LINE = 4000


class CannotBlockYourself(Refusal):
    message = _("You cannot block yourself.")
    status = 422


class NothingToReport(Refusal):
    message = _("We cannot find what you want to report. It may be gone; write to a moderator about the person.")
    status = 404


class TooManyReports(Refusal):
    message = _("You made %(most)s reports today. A moderator will read them; come back tomorrow if more is needed.")
    status = 429


class ReportAboutYourself(Refusal):
    message = _("This report is about you. Another moderator has to decide.")
    status = 403


class ReportOfYourOwn(Refusal):
    message = _("You made this report yourself. Another moderator has to decide; a coordinator can name one.")
    status = 403


class ReportDecided(Refusal):
    message = _("Another moderator has decided on this report already.")


@transaction.atomic
def block(*, about: Person, by: Person, now: datetime) -> Block:
    """Keep a person away, from now on and everywhere here; they are not told. Twice does no harm.

    Raises CannotBlockYourself, NotAMember.
    """
    if about.pk == by.pk:
        raise CannotBlockYourself
    if not Membership.objects.here().filter(person=about).exists():
        raise NotAMember
    made, is_new = Block.objects.get_or_create(by=by, about=about, defaults={"blocked_at": now})
    if is_new:
        announce(PersonBlocked(by_id=by.pk, about_id=about.pk, at=now))
    return made


@transaction.atomic
def unblock(*, about: Person, by: Person, now: datetime) -> None:
    """Let a person near again."""
    gone, _kinds = Block.objects.filter(by=by, about=about).delete()
    if gone:
        announce(PersonUnblocked(by_id=by.pk, about_id=about.pk, at=now))


@transaction.atomic
def report(*, kind: str, subject_id: UUID, reason: str, words: str, by: Person, now: datetime) -> Report:
    """Put something before the moderators, with a copy of the words that it is about.

    Raises NothingToReport, TooManyReports.
    """
    subject = subject_of(kind, subject_id, by)
    if subject is None:
        raise NothingToReport
    if Report.objects.filter(by=by, reported_at__gt=now - timedelta(days=1)).count() >= REPORTS_A_DAY:
        raise TooManyReports(most=REPORTS_A_DAY)
    made = Report.objects.create(
        by=by,
        about_id=subject.about_id,
        subject_kind=kind,
        subject_id=subject_id,
        reason=Report.Reason(reason),
        words=clean(words)[:LONGEST_LINE],
        context=[asdict(line) | {"words": line.words[:LONGEST_LINE]} for line in subject.context],
        reported_at=now,
    )
    announce(ReportMade(report_id=made.pk, at=now))
    return made


@transaction.atomic
def close_report(*, report: Report, decision: str, words: str = "", by: Person, now: datetime) -> Report:
    """Decide on a report; "suspended" ends the membership of the person it is about.

    Raises OnlyForModerators, ReportAboutYourself, ReportOfYourOwn, ReportDecided, LastCoordinator.
    """
    moderator(by)
    report = Report.objects.select_for_update().get(pk=report.pk)
    check_no_part(report, by)
    if report.closed_at is not None:
        raise ReportDecided
    report.decision = Report.Decision(decision)
    report.closed_at, report.closed_by, report.decision_words = now, by, clean(words)[:2000]
    report.save(update_fields=["decision", "closed_at", "closed_by", "decision_words"])
    if report.decision == Report.Decision.SUSPENDED:
        _suspend(report, by, now)
    announce(ReportClosed(report_id=report.pk, decision=report.decision, at=now))
    return report


def check_no_part(report: Report, moderator: Person) -> None:
    """See that a moderator is neither whom a report is about nor who made it: neither may read or decide it.

    It names to its moderator who made it, and whom it is about, who may have asked without a name.
    Raises ReportAboutYourself, ReportOfYourOwn.
    """
    if report.about_id == moderator.pk:
        raise ReportAboutYourself
    if report.by_id == moderator.pk:
        raise ReportOfYourOwn


def _suspend(report: Report, by: Person, now: datetime) -> None:
    membership = Membership.objects.here().active().filter(person=report.about_id).first()
    if membership is not None:  # they may have left already
        suspend_member(membership=membership, by=by, now=now)
