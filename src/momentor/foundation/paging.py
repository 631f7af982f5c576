"""A long list, a page at a time."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def paged(request: HttpRequest, rows: QuerySet[Any], *, most: int, name: str = "page") -> dict[str, Any]:
    """Return what `parts/pager.html` needs: the rows of the page that the address names, and its neighbours.

    Whatever else the address says (`?show=closed`) its neighbours say as well. A page that does not exist is the last.
    """
    found = Paginator(rows, most).get_page(request.GET.get(name))
    return {
        "rows": list(found),
        "earlier": _address(request, name, found.previous_page_number()) if found.has_previous() else "",
        "later": _address(request, name, found.next_page_number()) if found.has_next() else "",
    }


def _address(request: HttpRequest, name: str, number: int) -> str:
    asked = request.GET.copy()
    asked[name] = str(number)
    return f"?{asked.urlencode()}"
