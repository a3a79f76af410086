"""Lists: filters, orders, and pages of rows found by key.

A list is read by keyset: a page starts behind the sort key of the row that the cursor names, so that the last page of
a long list costs what the first one does, and no row is shown twice because another came in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import BigIntegerField, CharField, DateTimeField, Field, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.dateparse import parse_datetime

from api.http import cursors, parameters
from api.http.cursors import Cursor
from api.http.pagination import ResultPage
from api.http.parameters import Parameter
from api.http.problems import Problem
from api.queries.compiled import (
    CompiledCount,
    CompiledQueries,
    CompiledQuery,
    F,
    KeysetAfter,
    Placeholder,
    moment,
    moment_value,
)
from api.visibility.sites import Site
from pages.publication import iso

RowT = TypeVar("RowT", bound=NamedTuple)
"""The columns of a list by name."""

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
NOT_IN_CURSOR = {"cursor", "limit", "total", "fields", "include", "body"}
"""Parameters that decide how much is shown of rows, not which rows there are."""

CURSOR = parameters.text("cursor", "Where to go on: `page.next` or `page.previous` of the answer before.", high=1500)
TOTAL = parameters.flag("total", "Count all items that match; costs time on long lists, so ask once.")


SMALL_RESULT_ROWS = 2_000
"""Rows that are found by a filter and then sorted; where there are more, rows are read in order and filtered."""


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a list.  `condition` uses the slots that `bind` fills.

    Where a `probe` counts only a few rows (it is given the slots), `few` is the condition instead: one that finds
    those rows by index.  A database cannot know which of the two is better, because it plans before it has the value.
    """

    parameter: Parameter
    condition: Callable[[], Q]
    bind: Callable[[Any, Site], Mapping[str, Any]]
    few: Callable[[], Q] | None = None
    probe: CompiledQuery | None = None
    value_of: Callable[[Mapping[str, Any], Site], Any] | None = None
    """What to filter by, from all values of the request, where that is not simply its own; None: nothing."""

    def value(self, values: Mapping[str, Any], site: Site) -> Any:
        return self.value_of(values, site) if self.value_of else values.get(self.parameter.name)

    def __post_init__(self) -> None:
        """Raises `ValueError` for a parameter with a default: its filter would narrow every list."""
        if self.parameter.default is not None:
            raise ValueError(f"{self.parameter.name} has a default, so that its filter would always be on")


MAX_NAME_PARTS = 5


def name_filter(description: str, field: str, normalise: Callable[[str], str]) -> Filter:
    """``q``: parts of a name, in any order; `normalise` makes what is asked look like the field's values."""
    names = [f"q{number}" for number in range(MAX_NAME_PARTS)]

    def bind(value: str, site: Site) -> Mapping[str, Any]:
        parts = normalise(value).split()[:MAX_NAME_PARTS] or [value]  # a text without letters is in no name
        return dict.fromkeys(names, parts[0]) | dict(zip(names, parts, strict=False))

    def condition() -> Q:
        found = Q()
        for name in names:
            found &= Q(GreaterThan(StrIndex(field, Placeholder(name, CharField())), Value(0)))
        return found

    return Filter(parameters.text("q", description, high=100), condition, bind)


@dataclass(frozen=True)
class Order:
    """A sort key: a column of the rows that is never null, behind it the id."""

    name: str
    field: str
    kind: type = str
    output_field: Field[Any, Any] = CharField()  # noqa: RUF009 -- describes, holds nothing

    def key(self, row: Any) -> Any:
        value = getattr(row, self.field)
        return iso(moment(value)) if self.kind is not int and hasattr(value, "isoformat") else value

    def slot(self, value: Any) -> Any:
        if isinstance(self.output_field, DateTimeField):
            parsed = parse_datetime(value)
            if parsed is None:
                raise Problem("invalid-cursor")
            return moment_value(parsed)
        return value


class Listing(Generic[RowT]):
    """One kind of list: what may be asked of it, and its statements, one per shape of question.

    `base` gives the visible rows, from the shape of the site; the names of `row` are the columns that are read, the
    first of them that of the id.
    """

    def __init__(
        self,
        base: Callable[[tuple[int, int]], QuerySet[Any]],
        row: type[RowT],
        *,
        filters: Sequence[Filter] = (),
        orders: Sequence[Order],
        default: str,
        most: int = MAX_LIMIT,
    ) -> None:
        limit = parameters.integer("limit", "How many items at most.", high=most, default=DEFAULT_LIMIT)
        self.base = base
        self.row = row
        self.pk = row._fields[0]
        self.filters = {entry.parameter.name: entry for entry in filters}
        self.orders = {order.name: order for order in orders}
        names = [sign + name for name in self.orders for sign in ("", "-")]
        order = parameters.choice("order", "Sort key; with a minus, the other way round.", names, default)
        self.parameters = (limit, CURSOR, order, TOTAL, *(entry.parameter for entry in filters))
        self.pages = CompiledQueries(self._page)
        self.counts = CompiledQueries(self._count, CompiledCount)

    def _matching(self, shape: tuple[int, int], active: tuple[str, ...]) -> QuerySet[Any]:
        """`active`: names of filters, with a ``!`` behind those that are known to find few rows."""
        conditions = []
        for name in active:
            entry = self.filters[name.removesuffix("!")]
            few = entry.few if name.endswith("!") else None
            conditions.append((few or entry.condition)())
        return self.base(shape).filter(*conditions)

    def _activate(self, values: Mapping[str, Any], site: Site, bound: dict[str, Any]) -> tuple[str, ...]:
        active = []
        for name, entry in self.filters.items():
            value = entry.value(values, site)
            if value is None:
                continue
            bound.update(entry.bind(value, site))
            few = (
                entry.probe is not None
                and len(entry.probe.rows(bound, limit=SMALL_RESULT_ROWS + 1)) <= SMALL_RESULT_ROWS
            )
            active.append(f"{name}!" if few else name)
        return tuple(active)

    def _page(
        self,
        shape: tuple[int, int],
        active: tuple[str, ...],
        name: str,
        descending: bool,
        started: bool,
        columns: tuple[str, ...],
    ) -> QuerySet[Any, Any]:
        rows = self._matching(shape, active)
        order = self.orders[name]
        keys = [self.pk] if order.kind is int else [order.field, self.pk]
        if started:
            fields = [BigIntegerField()] if order.kind is int else [order.output_field, BigIntegerField()]
            slots = [Placeholder(f"key{number}", output) for number, output in enumerate(fields)]
            rows = rows.filter(KeysetAfter([F(key) for key in keys], slots, descending=descending))
        sign = "-" if descending else ""
        return rows.order_by(*(sign + key for key in keys)).values_list(*columns)

    def _count(self, shape: tuple[int, int], active: tuple[str, ...]) -> QuerySet[Any, Any]:
        return self._matching(shape, active).values_list(self.pk)

    def read(
        self,
        values: Mapping[str, Any],
        *,
        site: Site,
        identity: str,
        columns: tuple[str, ...] | None = None,
        slots: Mapping[str, Any] | None = None,
    ) -> ResultPage[RowT]:
        """The page that the values ask for.  `identity` is the route; see `cursors`.  `columns`: the first so many of
        the row's, all without it."""
        bound: dict[str, Any] = {**site.slots, **(slots or {})}
        active = self._activate(values, site, bound)
        reverse = values["order"].startswith("-")
        order = self.orders[values["order"].removeprefix("-")]
        query = identity + "\0" + repr(sorted((k, v) for k, v in values.items() if k not in NOT_IN_CURSOR and v))
        start = self._start(values.get("cursor"), query, order)
        backward = start is not None and start.backward
        if start is not None:
            first = [] if order.kind is int else [order.slot(start.key[0])]
            bound.update({f"key{number}": value for number, value in enumerate([*first, start.key[-1]])})
        statement = self.pages(
            site.shape, active, order.name, reverse != backward, start is not None, columns or self.row._fields
        )
        limit: int = values["limit"]
        rows = [self.row(*found) for found in statement.rows(bound, limit=limit + 1)]
        total = self.counts(site.shape, active).rows(bound)[0][0] if values.get("total") else None
        return self._page_of(rows, limit, start, order, query, total)

    def _start(self, text: str | None, query: str, order: Order) -> Cursor | None:
        if text is None:
            return None
        return cursors.read(text, query, [int] if order.kind is int else [order.kind, int])

    def _page_of(
        self, rows: Sequence[RowT], limit: int, start: Cursor | None, order: Order, query: str, total: int | None
    ) -> ResultPage[RowT]:
        backward = start is not None and start.backward
        more = len(rows) > limit
        rows = rows[:limit]
        if backward:
            rows = rows[::-1]

        def cursor(row: RowT, *, back: bool) -> str:
            key = (row[0],) if order.kind is int else (order.key(row), row[0])
            return cursors.write(Cursor(key, back), query)

        has_next = bool(rows) and (more or backward)
        has_previous = bool(rows) and (more if backward else start is not None)
        return ResultPage(
            rows=rows,
            limit=limit,
            next=cursor(rows[-1], back=False) if has_next else None,
            previous=cursor(rows[0], back=True) if has_previous else None,
            total=total,
        )
