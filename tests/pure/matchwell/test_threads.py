"""Reading while others write."""

from threading import Thread

from matchwell import Answer, Ask, Index, PastQuestion, PersonText

PAIRS = 45  # fewer questions than may vote


def test_a_reader_sees_each_batch_whole_or_not_at_all() -> None:
    index = Index()
    index.add_people([PersonText(id="ben"), PersonText(id="emil")])
    index.add_answers(
        Answer(question=f"{who}{number}", person=who, at=2) for number in range(PAIRS) for who in ("ben", "emil")
    )

    def write() -> None:
        for number in range(PAIRS):
            index.add_questions(PastQuestion(id=f"{who}{number}", text="night", at=1) for who in ("ben", "emil"))

    seen = []
    writer = Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen.append([(one.person, one.score) for one in index.rank(Ask(text="night", at=3))])
    writer.join()

    assert all(len({score for _, score in ranked}) <= 1 for ranked in seen), "Ben and Emil always know the same"
    assert len(index.alike("night", take=10 * PAIRS)) == 2 * PAIRS


def test_several_writers_lose_nothing() -> None:
    index = Index()
    index.add_people([PersonText(id="ben")])

    def write(writer: int) -> None:
        for number in range(50):
            index.add_questions([PastQuestion(id=f"{writer} {number}", text="night", at=1)])
            index.add_answers([Answer(question=f"{writer} {number}", person="ben", at=2)])

    writers = [Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()

    assert len(index.alike("night", take=1000)) == 200
    assert not index.rank(Ask(text="night", at=3))[0].is_newcomer
