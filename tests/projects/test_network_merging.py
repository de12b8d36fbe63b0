import pytest

from projects.network.merging import merge, merge_members


@pytest.mark.parametrize(
    ("before", "now", "new", "written", "kept", "remembered"),
    [
        ({"a": 1}, 1, 1, {}, [], {"a": 1}),  # nothing happened
        ({"a": 1}, 1, 2, {"a": 2}, [], {"a": 2}),  # the files changed
        ({"a": 1}, 3, 1, {}, ["a"], {"a": 1}),  # a person changed it
        ({"a": 1}, 3, 2, {}, ["a"], {"a": 1}),  # both did
        ({"a": 1}, 2, 2, {}, [], {"a": 2}),  # both did the same
        ({"a": 1}, "", 1, {}, ["a"], {"a": 1}),  # a person emptied it
        ({}, "", 1, {"a": 1}, [], {"a": 1}),  # new in the files
        ({}, 3, 1, {}, ["a"], {}),  # new in the files, but a person was first
    ],
)
def test_a_field_follows_the_files_until_a_person_changes_it(
    before, now, new, written, kept, remembered
):
    merged = merge(before, {"a": now}, {"a": new})

    assert (merged.write, merged.kept, merged.loaded) == (written, kept, remembered)


FACTS = {"position": 0}


@pytest.mark.parametrize(
    ("before", "now", "new", "add", "remove", "has_kept", "remembered"),
    [
        ([], [], ["x"], ["x"], [], False, ["x"]),  # new in the files
        (["x"], ["x"], ["x"], [], [], False, ["x"]),  # nothing happened
        (["x"], [], ["x"], [], [], True, ["x"]),  # a person removed it
        (["x"], ["x"], [], [], ["x"], False, []),  # the files dropped it
        (["x"], [], [], [], [], False, []),  # both removed it
        ([], ["x"], [], [], [], False, []),  # a person added it
        ([], ["x"], ["x"], [], [], False, ["x"]),  # both added it
    ],
)
def test_a_member_follows_the_files_until_a_person_touches_it(
    before, now, new, add, remove, has_kept, remembered
):
    merged = merge_members(*(dict.fromkeys(keys, FACTS) for keys in (before, now, new)))

    assert (list(merged.add), sorted(merged.remove), merged.has_kept, list(merged.loaded)) == (
        add,
        remove,
        has_kept,
        remembered,
    )


def test_a_member_that_a_person_changed_is_not_removed():
    merged = merge_members({"x": {"note": ""}}, {"x": {"note": "wichtig"}}, {})

    assert (merged.remove, merged.has_kept, merged.loaded) == (set(), True, {"x": {"note": ""}})
