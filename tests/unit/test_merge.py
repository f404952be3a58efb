"""Who changed what."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qbo import merge

BASE = {
    "CustomerRef": {"value": "58"},
    "DocNumber": "S1",
    "PrivateNote": "note",
    "SalesTermRef": {"value": "3"},
    "TxnDate": "2026-11-20",
    "Line": [
        {
            "Id": "1",
            "Amount": Decimal("59.97"),
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": "5"},
                "Qty": Decimal(3),
                "UnitPrice": Decimal("19.99"),
            },
        }
    ],
}


def as_qbo_answers(body, **changes):
    """The object as QBO gives it back: more fields, a sub-total, names, floats."""
    lines = [
        {**line, "LineNum": number, "Amount": float(line["Amount"])}
        for number, line in enumerate(body["Line"], 1)
    ]
    lines.append({"Amount": 59.97, "DetailType": "SubTotalLineDetail"})
    return {
        **body,
        "Id": "9",
        "SyncToken": "4",
        "domain": "QBO",
        "MetaData": {},
        "CustomerRef": {"value": "58", "name": "Acme"},
        "BillAddr": {"Line1": "rewritten"},
        "TotalAmt": 59.97,
        "Line": lines,
        **changes,
    }


def test_nothing_changed():
    result = merge.three_way(BASE, BASE, as_qbo_answers(BASE))
    assert result == merge.Merge()


def test_only_mine_changed_is_sent():
    mine = {**BASE, "DocNumber": "S2"}
    result = merge.three_way(BASE, mine, as_qbo_answers(BASE))
    assert result.changes == {"DocNumber": "S2"}
    assert not result.conflicts


def test_only_theirs_changed_stays():
    theirs = as_qbo_answers(BASE, PrivateNote="called them")
    result = merge.three_way(BASE, BASE, theirs)
    assert result.changes == {}
    assert result.theirs_only == {"PrivateNote": "called them"}


def test_both_changed_is_a_conflict():
    mine = {**BASE, "DocNumber": "S2"}
    result = merge.three_way(BASE, mine, as_qbo_answers(BASE, DocNumber="X"))
    assert result.conflicts == [("DocNumber", "S1", "S2", "X")]
    assert result.changes == {}


def test_the_same_change_on_both_sides_is_none():
    mine = {**BASE, "DocNumber": "S2"}
    assert merge.three_way(BASE, mine, as_qbo_answers(mine)) == merge.Merge()


def test_numbers_are_compared_by_value():
    theirs = as_qbo_answers(BASE)
    theirs["Line"][0]["SalesItemLineDetail"] = {
        "ItemRef": {"value": "5", "name": "Widget"},
        "Qty": 3,
        "UnitPrice": Decimal("19.990"),
        "TaxCodeRef": {"value": "NON"},
    }
    assert merge.three_way(BASE, BASE, theirs) == merge.Merge()


def line_with(**detail):
    line = BASE["Line"][0]
    inner = line["SalesItemLineDetail"] | detail
    return {**line, "SalesItemLineDetail": inner}


def test_lines_take_along_what_only_qbo_put_on_them():
    mine = {**BASE, "Line": [line_with(Qty=Decimal(4))]}
    theirs = as_qbo_answers({**BASE, "Line": [line_with(ClassRef={"value": "7"})]})
    sent = merge.three_way(BASE, mine, theirs).changes["Line"]
    assert sent[0]["SalesItemLineDetail"]["ClassRef"] == {"value": "7"}
    assert sent[0]["SalesItemLineDetail"]["Qty"] == 4


def test_a_line_added_in_qbo_conflicts_with_a_line_changed_here():
    mine = {**BASE, "Line": [line_with(Qty=Decimal(4))]}
    theirs = as_qbo_answers({**BASE, "Line": BASE["Line"] * 2})
    assert [c.field for c in merge.three_way(BASE, mine, theirs).conflicts] == ["Line"]


def test_emptied_texts_are_sent_and_others_named():
    mine = {key: BASE[key] for key in ("CustomerRef", "DocNumber", "Line")}
    result = merge.three_way(BASE, mine, as_qbo_answers(BASE))
    assert result.changes == {"PrivateNote": ""}
    assert result.stuck == ["SalesTermRef", "TxnDate"]


def test_emptied_parts_of_blocks_are_sent():
    base = {"BillAddr": {"Line1": "a", "Line2": "b"}, "CustomerMemo": {"value": "hi"}}
    mine = {"BillAddr": {"Line1": "a"}}
    assert merge.delta(base, mine) == {
        "BillAddr": {"Line1": "a", "Line2": ""},
        "CustomerMemo": {"value": ""},
    }


def test_a_line_text_emptied_here_is_a_change():
    base = {"Line": [{"Id": "1", "Description": "x", "Amount": 1}]}
    mine = {"Line": [{"Id": "1", "Amount": 1}]}
    assert merge.delta(base, mine) == mine


def test_lines_are_never_deleted_by_leaving_them_out():
    assert "Line" not in merge.delta(BASE, {"DocNumber": "S2"})


def test_dropped_names_what_qbo_did_not_keep():
    answer = as_qbo_answers(BASE, DocNumber=None)
    answer["Line"][0] = {**answer["Line"][0], "Description": "x", "Amount": 60}
    answer["Line"][0]["SalesItemLineDetail"] = {"ItemRef": {"value": "6"}, "Qty": 3}
    assert merge.dropped(BASE, answer) == [
        "DocNumber",
        "Line 1 Amount",
        "Line 1 ItemRef",
        "Line 1 UnitPrice",
    ]
    assert merge.dropped(BASE, as_qbo_answers(BASE)) == []
    assert merge.dropped(BASE, as_qbo_answers(BASE, Line=[])) == [
        "Line (sent 1, kept 0)"
    ]


def test_links_and_custom_fields_go_by_their_ids():
    sent = {
        "CustomField": [{"DefinitionId": "2", "StringValue": "PO 7"}],
        "LinkedTxn": [{"TxnId": "177", "TxnType": "Estimate"}],
    }
    kept = {
        "CustomField": [
            {"DefinitionId": "1", "Name": "Rep"},
            {"DefinitionId": "2", "Name": "PO", "StringValue": "PO 7"},
        ],
        "LinkedTxn": [
            {"TxnId": "12", "TxnType": "Payment"},
            {"TxnId": "177", "TxnType": "Estimate"},
        ],
    }
    assert merge.dropped(sent, kept) == []
    assert merge.dropped(sent, {"LinkedTxn": []}) == ["CustomField", "LinkedTxn"]


@pytest.mark.parametrize(
    ("wanted", "actual", "same"),
    [
        ("5", Decimal("5.00"), True),
        ("007", "7", False),
        (None, "", True),
        ({"Address": ""}, None, True),
        (True, "true", True),
        (True, 1, False),
        ("a  b\r\n", "a b", True),
        ({"value": "5", "name": "x"}, {"value": 5}, True),
        ([1, 2], [1], False),
        ("x", Decimal(1), False),
    ],
)
def test_covers(wanted, actual, same):
    assert merge.covers(wanted, actual) is same


words = st.text("abc", min_size=1, max_size=3)
objects = st.dictionaries(
    st.sampled_from(["DocNumber", "PrivateNote", "Memo", "TrackingNum", "Notes"]), words
)
known = {"Id": "1", "SyncToken": "0"}


def applied(theirs, changes):
    return {name: value for name, value in {**theirs, **changes}.items() if value != ""}


@given(objects, objects)
def test_changes_over_an_unchanged_object_give_mine(base, mine):
    result = merge.three_way(base, mine, base | known)
    assert applied(base, result.changes) == mine
    assert not result.conflicts
    assert merge.delta(base, mine) == result.changes


@given(objects, objects)
def test_their_changes_alone_send_nothing(base, theirs):
    result = merge.three_way(base, base, theirs)
    assert not result.changes
    assert not result.conflicts
    changed = {name for name in base if base[name] != theirs.get(name)}
    assert set(result.theirs_only) == changed


@given(objects, objects)
def test_the_same_object_needs_nothing(base, mine):
    result = merge.three_way(base, mine, mine | known)
    assert not result.changes
    assert not result.conflicts


@given(objects, objects, objects)
def test_every_difference_is_accounted_for_once(base, mine, theirs):
    result = merge.three_way(base, mine, theirs)
    conflicts = {conflict.field for conflict in result.conflicts}
    groups = [set(result.changes), set(result.theirs_only), conflicts]
    assert sum(map(len, groups)) == len(set.union(*groups))
    for name in {*base, *mine}:
        mine_changed = base.get(name) != mine.get(name)
        they_changed = base.get(name) != theirs.get(name)
        agree = mine.get(name) == theirs.get(name)
        expected = [
            mine_changed and not they_changed,
            they_changed and not mine_changed,
            mine_changed and they_changed and not agree,
        ]
        assert [name in group for group in groups] == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words | st.decimals(-5, 5, places=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=6,
)


@given(json_values)
def test_everything_covers_itself(value):
    assume(value == value)
    assert merge.covers(value, value)


bodies = st.dictionaries(words, json_values, max_size=4)


@given(bodies, bodies)
def test_what_was_sent_and_more_is_kept(sent, more):
    assert merge.dropped(sent, {**more, **sent}) == []


def test_emptied_custom_field_is_sent_empty():
    fields = [
        {"DefinitionId": str(number), "Type": "StringType", "StringValue": "x"}
        for number in (1, 2)
    ]
    emptied = {**fields[1], "StringValue": ""}
    base = {"CustomField": fields}
    changes = merge.delta(base, {"CustomField": fields[:1]})
    assert changes == {"CustomField": [fields[0], emptied]}
    assert merge.delta({"CustomField": fields[1:]}, {}) == {"CustomField": [emptied]}
    assert not merge.delta(base, base)


# ------------------------------------------------ what QBO has of what was sent
def test_dropped_and_changed_fields_are_the_base_and_no_change_later():
    sent = {**BASE, "DueDate": "2026-12-20", "Memo": "x"}
    answer = as_qbo_answers({**BASE, "Memo": "y", "DocNumber": "S1"})
    base, said = merge.kept(sent, answer)
    assert said == {"DueDate": "2026-12-20", "Memo": "x"}
    assert "DueDate" not in base
    assert base["Memo"] == "y"
    assert merge.three_way(base, sent, answer, said) == merge.Merge()
    # Said again by a person: what differs goes.
    assert merge.delta(base, sent) == {"DueDate": "2026-12-20", "Memo": "x"}


def test_a_field_that_was_kept_otherwise_goes_when_odoo_changes_it():
    base, said = {"Memo": "theirs"}, {"Memo": "ours"}
    mine = {"Memo": "new"}
    assert merge.three_way(base, mine, base, said).changes == mine
    conflict = merge.three_way(base, mine, {"Memo": "again"}, said)
    assert [one.field for one in conflict.conflicts] == ["Memo"]
    assert merge.three_way(base, said, {"Memo": "ours"}, said) == merge.Merge()
    drifted = merge.three_way(base, said, {"Memo": "again"}, said)
    assert drifted.theirs_only == {"Memo": "again"}


def two_lines():
    line = BASE["Line"][0]
    return [line, {**line, "Id": "2", "Amount": Decimal(5)}]


def test_lines_and_taxes_in_another_order_are_the_same():
    taxes = [
        {"Amount": rate, "TaxLineDetail": {"TaxRateRef": {"value": str(rate)}}}
        for rate in (3, 12)
    ]
    mine = {**BASE, "Line": two_lines(), "TxnTaxDetail": {"TaxLine": taxes}}
    theirs = as_qbo_answers(
        mine, Line=two_lines()[::-1], TxnTaxDetail={"TaxLine": taxes[::-1]}
    )
    assert merge.dropped(mine, theirs) == []
    assert merge.three_way(mine, mine, theirs) == merge.Merge()
    assert not merge.compared(mine, mine, theirs).rows


def test_lines_in_another_order_in_odoo_are_sent():
    mine = {**BASE, "Line": two_lines()[::-1]}
    assert merge.delta({**BASE, "Line": two_lines()}, mine) == {"Line": mine["Line"]}


def test_compared_shows_what_is_sent_and_agrees_on_the_rest():
    base = {**BASE, "Memo": "old", "Class": "a"}
    mine = {**BASE, "Line": [line_with(Qty=Decimal(4))], "TrackingNum": "1"}
    theirs = as_qbo_answers(
        {**BASE, "Line": [line_with(Qty=Decimal(5), ClassRef={"value": "7"})]},
        Memo="theirs",
        TrackingNum="1",
        Notes="nobody's in Odoo",
    )
    found = merge.compared(base, mine, theirs)
    assert found.rows == [("Line 1 Qty", 4, 5), ("Memo", None, "theirs")]
    assert set(found.changes) == {"Line", "Memo"}
    assert merge.delta(found.base, mine).keys() == found.changes.keys()
    said = {name: mine.get(name) for name in found.changes}
    assert merge.delta(found.base, mine, said) == {}


def test_compared_shows_lines_that_only_one_side_has():
    added = {**two_lines()[1], "Id": "9", "Description": "Express"}
    theirs = as_qbo_answers({**BASE, "Line": [BASE["Line"][0], added]})
    [(place, mine, other)] = merge.compared(BASE, BASE, theirs).rows
    assert (place, mine, other["Description"]) == ("Line 2", None, "Express")


def test_what_only_qbo_put_on_a_line_rides_along_until_odoo_says_it():
    theirs = [line_with(ClassRef={"value": "7"})]
    extra = merge.extras(BASE["Line"], theirs)
    assert extra == {"1": {"ClassRef": {"value": "7"}}}
    own = line_with(ClassRef={"value": "8"})
    assert merge.with_extras([own], extra) == [own]
    # What Odoo has taken off the line doesn't come back.
    assert merge.extras(BASE["Line"], theirs, [own]) == {}


@given(objects, objects)
def test_whatever_qbo_has_otherwise_is_no_change(sent, answer):
    base, said = merge.kept(sent, answer)
    assert merge.three_way(base, sent, answer, said) == merge.Merge()
    assert applied(answer, merge.delta(base, sent)) == {**answer, **sent}


@given(objects, objects, objects)
def test_keeping_odoo_does_what_is_shown(base, mine, theirs):
    found = merge.compared(base, mine, theirs)
    after = applied(theirs, merge.delta(found.base, mine))
    shown = {place for place, _mine, _theirs in found.rows}
    for name in {*theirs, *mine}:
        assert after.get(name) == (mine if name in shown else theirs).get(name)
    assert all(after.get(name) == value for name, value in mine.items())
