"""Learning who answers: when it is worth it, what is kept of it, and how processes take it up."""

import json
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from matchwell import Weights
from matchwell.learning import Learned
from matchwell.ranker.prior import prior
from momentor.asking.models import Answer, Question
from momentor.console.main import main
from momentor.dispatch import candidates, learned, rankers, studying
from momentor.dispatch.models import LearnedRanking
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import NOW, make_mentor, make_person
from tests.talks import let_jobs_run

pytestmark = pytest.mark.usefixtures("acting")

TOPICS = ("night shifts", "welding pipes", "garden soil", "python lists")
Chosen = LearnedRanking.Chosen


@pytest.fixture
def village(organisation: Organisation) -> list[Person]:
    """Twelve who answer one topic each, three of them the same: who of the three, the last question's asker says."""
    people = []
    for number in range(12):
        person = make_person(f"Villager{number:02}", f"v{number}@example.org")
        make_mentor(organisation, person)
        people.append(person)
    return people


def live(people: list[Person], questions: int, *, begin: int = 0) -> None:
    """Let some questions be asked and answered, four a day."""
    lot = np.random.default_rng(begin + 5)
    for number in range(begin, begin + questions):
        then = NOW - timedelta(days=300 - number / 4)
        topic = int(lot.integers(len(TOPICS)))
        asked = Question.objects.create(
            mentee=people[int(lot.integers(len(people)))],
            text=f"{TOPICS[topic]}, case {number % 7}",
            asked_at=then,
            changed_at=then,
            state=Question.State.ANSWERED,
        )
        who = people[topic + len(TOPICS) * (number // 40 % 3)]
        Answer.objects.create(question=asked, mentor=who, given_at=then + timedelta(hours=1), stored_at=then)


def test_what_others_taught_ranks_only_where_it_was_seen_to_do_best() -> None:
    without = rankers.taught_by(rankers.newest())[0]
    LearnedRanking.objects.create(chosen=Chosen.PRIOR, questions=200, tested=40, answers=300, made_at=NOW)

    assert without is None
    assert rankers.taught_by(rankers.newest())[0] is prior()


def test_what_was_learned_here_ranks_once_it_does_best(
    village: list[Person], organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(village, 240)
    before = candidates.fresh_index(now=NOW).index.ranker

    found = learned.learn_here(organisation.pk, now=NOW)
    unseen = candidates.fresh_index(now=NOW).index.ranker
    monkeypatch.setattr(candidates, "LOOK_FOR_LEARNED", 0.0)
    ranker = candidates.fresh_index(now=NOW).index.ranker

    assert found is not None
    assert found.chosen == Chosen.RANKER, found.held_back
    assert found.held_back["weights"] < max(found.held_back["ranker"], found.held_back["products"])
    assert (found.answers, found.version) == (240, ranker.version if ranker else "")
    assert before is None
    assert unseen is None
    assert ranker is not None


@pytest.mark.parametrize("chosen", [Chosen.WEIGHTS, Chosen.LATELY])
def test_it_steps_back_where_plain_weights_do_better(chosen: Chosen) -> None:
    kept = LearnedRanking.objects.create(
        chosen=chosen, questions=200, tested=40, answers=300, half_life=30, made_at=NOW
    )

    assert rankers.newest() == kept.pk
    assert rankers.taught_by(kept.pk) == (None, Weights(half_life=30))


def test_a_ranker_that_cannot_be_read_gives_way(caplog: pytest.LogCaptureFixture) -> None:
    kept = LearnedRanking.objects.create(
        chosen=Chosen.RANKER, ranker='{"names": ["half', questions=200, tested=40, answers=300, made_at=NOW
    )

    assert rankers.taught_by(kept.pk)[0] is None
    assert "going by plain weights" in caplog.text


def test_too_little_is_refused_and_forgets_what_was_learned_from_more(
    village: list[Person], organisation: Organisation
) -> None:
    live(village, 10)
    LearnedRanking.objects.create(chosen=Chosen.WEIGHTS, questions=200, tested=40, answers=300, made_at=NOW)

    found = learned.learn_here(organisation.pk, now=NOW)

    assert found is None
    assert rankers.newest() is None


def test_it_is_learned_anew_when_enough_is_new(village: list[Person]) -> None:
    live(village, 10)
    few = learned.is_worth_learning(now=NOW)
    live(village, 15, begin=10)
    enough = learned.is_worth_learning(now=NOW)
    LearnedRanking.objects.create(chosen=Chosen.PRIOR, questions=25, tested=5, answers=25, made_at=NOW)
    nothing_new = learned.is_worth_learning(now=NOW + timedelta(days=30))
    live(village, 1, begin=25)
    soon, later = (learned.is_worth_learning(now=NOW + timedelta(days=days)) for days in (1, 8))

    assert (few, enough, nothing_new, soon, later) == (False, True, False, False, True)


def test_nothing_is_learned_from_what_was_made_up(village: list[Person], organisation: Organisation) -> None:
    live(village, 30)
    Organisation.objects.filter(pk=organisation.pk).update(is_demo=True)

    assert not learned.is_worth_learning(now=NOW)


def test_only_the_last_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "KEPT", 2)
    found = Learned(ranker=None, local=None, chosen="weights", reason="", questions=200, tested=40)
    for day in range(4):
        learned._keep(found, 180.0, answers=300, now=NOW + timedelta(days=day))

    assert sorted(kept.made_at for kept in LearnedRanking.objects.all()) == [
        NOW + timedelta(days=2),
        NOW + timedelta(days=3),
    ]


def test_the_worker_learns_once_all_is_read_and_only_what_is_new(
    village: list[Person], organisation: Organisation, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEARNS = True
    ran: list[UUID] = []
    monkeypatch.setattr(learned, "learn_beside", ran.append)
    live(village, 30)

    studying.read_questions()
    let_jobs_run()
    studying.learn_ranking(organisation_id=organisation.pk)
    LearnedRanking.objects.create(chosen=Chosen.PRIOR, questions=30, tested=5, answers=30, made_at=NOW)
    studying.learn_ranking(organisation_id=organisation.pk)

    assert ran == [organisation.pk] * 2, "by the queue, and by hand; but not again"


def test_others_learn_nothing_from_it(
    village: list[Person], organisation: Organisation, other_organisation: Organisation
) -> None:
    LearnedRanking.objects.create(chosen=Chosen.PRIOR, questions=30, tested=5, answers=30, made_at=NOW)

    with acting_in(other_organisation.pk):
        assert rankers.newest() is None


def test_a_host_can_have_it_learned_by_hand(
    village: list[Person], organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    live(village, 150)

    done = main(["match", "learn", "--organisation", organisation.slug, "--json"])
    said = json.loads(capsys.readouterr().out)
    in_words = main(["match", "learn", "--organisation", organisation.slug])
    told = capsys.readouterr().out
    nowhere = main(["match", "learn", "--organisation", "nowhere"])

    assert (done, in_words, nowhere) == (0, 0, 1)
    assert said["questions"] >= 100
    assert said["held_back"].keys() >= {"ranker", "weights", "lately", "prior"}
    assert "In use from now on" in told


def test_nothing_is_learned_by_the_hour_where_nothing_was_left_to_read(
    village: list[Person], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEARNS = True
    monkeypatch.setattr(learned, "learn_beside", lambda _organisation_id: pytest.fail("it was learned"))
    live(village, 30)

    studying.read_what_is_left()

    assert let_jobs_run() == 0
