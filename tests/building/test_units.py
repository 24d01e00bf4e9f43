"""Units of work cover all rows once, in order, and are as few as their sizes allow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wagidx.building.units import UNIT_BYTES, UNIT_ROWS, Extent, parts_of, plan_units


def test_many_tiny_files_are_few_units() -> None:
    extents = [Extent(number, None, 2_000) for number in range(41_000)]
    units = plan_units(extents)
    assert len(units) == 2
    assert [part.source for unit in units for part in unit.parts] == list(range(41_000))


def test_a_large_file_is_cut_into_ranges_and_small_ones_stay_whole() -> None:
    extents = [Extent(0, 10, 100), Extent(1, 2 * UNIT_ROWS + 1, UNIT_BYTES), Extent(2, None, 5)]
    ranges = [(part.source, part.start, part.stop) for e in extents for part in parts_of(e)]
    assert [len(unit.parts) for unit in plan_units(extents)] == [1, 1, 1, 1, 1]
    assert ranges == [
        (0, 0, None),
        (1, 0, UNIT_ROWS),
        (1, UNIT_ROWS, 2 * UNIT_ROWS),
        (1, 2 * UNIT_ROWS, 2 * UNIT_ROWS + 1),
        (2, 0, None),
    ]


EXTENTS = st.lists(
    st.tuples(st.none() | st.integers(0, 3 * UNIT_ROWS), st.integers(0, 2 * UNIT_BYTES)),
    max_size=30,
).map(lambda found: [Extent(number, *extent) for number, extent in enumerate(found)])


@given(EXTENTS, st.data())
def test_units_hold_what_is_not_done_each_once_and_in_order(
    extents: list[Extent], data: st.DataObject
) -> None:
    parts = [part for extent in extents for part in parts_of(extent)]
    done = set(data.draw(st.lists(st.sampled_from(parts)) if parts else st.just([])))
    units = plan_units(extents, done)
    assert [part for unit in units for part in unit.parts] == [p for p in parts if p not in done]
    assert len({unit.name for unit in units}) == len(units)
    assert sorted(unit.name for unit in units) == [unit.name for unit in units]
