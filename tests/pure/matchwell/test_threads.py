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


def test_a_reader_sees_the_old_community_or_the_new_one_while_an_index_is_built_anew() -> None:
    communities = [
        (
            {"id": [who]},
            {"id": [f"{who}{number}" for number in range(30)], "text": ["night"] * 30, "at": [1] * 30},
            {"question": [f"{who}{number}" for number in range(30)], "person": [who] * 30, "at": [2] * 30},
        )
        for who in ("ben", "emil")
    ]
    ask = Ask(text="night", at=3)
    index = Index().fit(*communities[0])
    whole = [Index().fit(*community).rank(ask) for community in communities]

    def write() -> None:
        for turn in range(60):
            index.fit(*communities[(turn + 1) % 2])

    seen = [index.rank(ask)]
    writer = Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen.append(index.rank(ask))
    writer.join()

    assert all(ranked in whole for ranked in seen)
    assert index.rank(ask) == whole[0]


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
