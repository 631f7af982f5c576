"""The best choice: the most matches; of those the highest total; of those the one that goes by identifiers."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchwell.columns import Array
from matchwell.programme.market import Market
from matchwell.programme.prices import prices
from matchwell.programme.ties import settle


def best_choice(market: Market) -> Array:
    """Return the place of each mentee in the best choice, int64 [mentees].

    Where several are the best, the first mentee has the lowest mentor that they have in any of them, then the second,
    and so on; nobody comes last. So the answer depends on the market alone, and not on the solver.
    """
    if not len(market.mentee):
        return np.full(market.mentees, market.nobody, np.int64)
    where = _solve(market)
    return settle(market, where, prices(market, where))


def _solve(market: Market) -> Array:
    """Return one of the best choices: an assignment of mentees to single places (Jonker, Volgenant, sparse).

    A row is matched with a column or, at its own further column, with nothing. Rows are the scarcer side, as they are
    what takes the solver its time.
    """
    pair, place, owner = _places(market)
    mentee, sizes = market.mentee[pair], (market.mentees, len(owner))
    mentees_are_rows = sizes[0] < sizes[1]
    row, column = (mentee, place) if mentees_are_rows else (place, mentee)
    rows, columns = sizes if mentees_are_rows else sizes[::-1]
    loss = market.gain.max() + 1.0 - np.append(market.gain[pair], np.zeros(rows))  # above zero, as zeros would be lost
    row, column = np.append(row, np.arange(rows)), np.append(column, columns + np.arange(rows))
    graph = csr_array((loss, (row, column)), shape=(rows, columns + rows))

    row, column = min_weight_full_bipartite_matching(graph)
    row, column = row[column < columns], column[column < columns]
    mentee, place = (row, column) if mentees_are_rows else (column, row)
    where = np.full(market.mentees, market.nobody, np.int64)
    where[mentee] = owner[place]
    return where


def _places(market: Market) -> tuple[Array, Array, Array]:
    """Return the pair and the single place of everything that could be, int64, and the mentor of each place.

    Every pair could be at each place of its mentor; but where a mentor has room for all who could come, each of these
    has a place of their own.
    """
    wanted = np.bincount(market.mentor, minlength=market.nobody)
    places = np.minimum(wanted, market.capacity)
    has_room = wanted <= market.capacity
    by_mentor = np.argsort(market.mentor, kind="stable")
    turn = np.arange(len(by_mentor)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    mentor = market.mentor[by_mentor]
    first = (np.cumsum(places) - places)[mentor] + np.where(has_room[mentor], turn, 0)
    each = np.where(has_room[mentor], 1, places[mentor])
    step = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    return np.repeat(by_mentor, each), np.repeat(first, each) + step, np.repeat(np.arange(market.nobody), places)
