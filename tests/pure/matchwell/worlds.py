"""Small communities for the tests: some told by hand, the others drawn by hypothesis."""

from dataclasses import dataclass

from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, PastQuestion, PersonText, Weights

NOW = 1000.0
EVERYONE = 50
NO_PLACES = Weights(newcomer_places=(), neighbours_within=0)

_WORDS = ["night", "shifts", "welding", "pipes", "salary", "talk", "python", "lists", "garden", "soil", "履歴書", "C++"]
_TAGS = ["nursing", "welding", "career", "python"]

texts = st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join)
tags = st.frozensets(st.sampled_from(_TAGS), max_size=2)
times = st.integers(min_value=0, max_value=999).map(float)
person_ids = st.sampled_from([f"p{number}" for number in range(6)])
question_ids = st.sampled_from([f"q{number}" for number in range(10)])

people = st.builds(
    PersonText,
    id=person_ids,
    text=texts,
    skills=st.lists(st.sampled_from(_WORDS), max_size=2).map(tuple),
    languages=st.sampled_from([frozenset[str](), frozenset({"en"}), frozenset({"de", "en-GB"})]),
    samples=st.lists(texts, max_size=2).map(tuple),
    background=st.sampled_from([frozenset[str](), frozenset({"health"}), frozenset({"trades"})]),
)
questions = st.builds(PastQuestion, id=question_ids, text=texts, at=times, tags=tags)
answers = st.builds(Answer, question=question_ids, person=person_ids, at=times)
asks = st.builds(
    Ask,
    text=texts,
    at=st.just(NOW),
    tags=tags,
    languages=st.sampled_from([frozenset[str](), frozenset({"en"})]),
    asker=st.none() | person_ids,
)


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that an index may be told, each identifier once."""

    people: list[PersonText]
    questions: list[PastQuestion]
    answers: list[Answer]

    def index(self, weights: Weights | None = None) -> Index:
        """Build an index of all of it at once."""
        index = Index(weights=weights or Weights())
        index.add_people(self.people)
        index.add_questions(self.questions)
        index.add_answers(self.answers)
        return index


worlds = st.builds(
    World,
    people=st.lists(people, max_size=6, unique_by=lambda person: person.id),
    questions=st.lists(questions, max_size=10, unique_by=lambda question: question.id),
    answers=st.lists(answers, max_size=25, unique_by=lambda answer: (answer.question, answer.person)),
)


def ward() -> World:
    """A ward where Ben has answered for years, Emil welds, and Nora has come lately."""
    return World(
        people=[
            PersonText(id="ben", text="Nurse for twenty years", languages=frozenset({"en"})),
            PersonText(id="emil", text="I weld pipelines", languages=frozenset({"de", "en-GB"})),
            PersonText(
                id="nora",
                text="Night nurse, I plan the rota",
                skills=("wound care",),
                samples=("How do I stay awake at night? Sleep in blocks, and eat before midnight.",),
            ),
        ],
        questions=[
            PastQuestion(id="q1", text="How do I survive night shifts?", at=900, tags=frozenset({"nursing"})),
            PastQuestion(id="q2", text="Night shifts with small children?", at=910, tags=frozenset({"nursing"})),
            PastQuestion(id="q3", text="Handing over after a night shift", at=920, tags=frozenset({"nursing"})),
            PastQuestion(id="q4", text="Which electrode for pipe welding?", at=930, tags=frozenset({"welding"})),
            PastQuestion(id="q5", text="Welding overhead without spatter", at=940, tags=frozenset({"welding"})),
            PastQuestion(id="q6", text="Is TIG welding worth learning?", at=950, tags=frozenset({"welding"})),
        ],
        answers=[
            *(Answer(question=question, person="ben", at=960) for question in ("q1", "q2", "q3")),
            *(Answer(question=question, person="emil", at=970) for question in ("q4", "q5", "q6")),
        ],
    )
