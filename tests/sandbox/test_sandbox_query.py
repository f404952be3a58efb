"""The query language."""

import pytest

from tests.sandbox.kit import expense, ref, sale


@pytest.fixture(scope="module")
def filled(us):
    """Customers Ann, Bob, Cid O'Neil; an invoice of each; a quoted name."""
    for number, name in enumerate(("Ann", "Bob", "Cid O'Neil"), 1):
        customer = us.customer(
            DisplayName=name, PrimaryEmailAddr={"Address": f"c{number}@b.test"}
        )
        us.make(
            "Invoice",
            CustomerRef=ref(customer["Id"]),
            TxnDate=f"2026-0{number}-01",
            DocNumber=f"Q-{number}",
            Line=[sale(us.service(Sku=f"SKU-{number}"), number * 100)],
        )
    us.change("Customer", us.customer(DisplayName="Old"), Active=False)
    return us


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("DisplayName = 'ann'", ["Ann"]),
        (r"DisplayName = 'Cid O\'Neil'", ["Cid O'Neil"]),
        ("DisplayName LIKE '%o%'", ["Bob", "Cid O'Neil"]),
        ("DisplayName in ('Ann', 'Bob', 'Nobody')", ["Ann", "Bob"]),
        ("DisplayName != 'Ann'", ["Bob", "Cid O'Neil"]),
        ("Active = false", ["Old"]),
        ("Active IN (true, false) and DisplayName like 'Old%'", ["Old"]),
        ("PrimaryEmailAddr = 'C2@b.test'", ["Bob"]),
        ("Balance > '150' AND Balance <= '300.00'", ["Bob", "Cid O'Neil"]),
        ("MetaData.LastUpdatedTime > '2026-01-01T00:00:00-08:00' "
         "and displayname = 'Ann'", ["Ann"]),
        ("MetaData.CreateTime < '2001-01-01'", []),
        ("DisplayName LIKE '_nn'", []),
    ],
)  # fmt: skip
def test_where(filled, where, names):
    answer = filled.query(f"select * from Customer where {where} orderby DisplayName")
    assert [one["DisplayName"] for one in answer.get("Customer", [])] == names


@pytest.mark.parametrize(
    ("statement", "numbers"),
    [
        ("select * from Invoice where TxnDate >= '2026-02-01' orderby TxnDate", [2, 3]),
        ("SELECT * FROM invoice ORDER BY TotalAmt DESC", [3, 2, 1]),
        ("select * from Invoice where TotalAmt > 150 order by Id", [2, 3]),
        ("select Id, DocNumber from Invoice where DocNumber = 'q-1'", [1]),
        ("select * from Invoice orderby Id startposition 2 maxresults 1", [2]),
        ("select * from Invoice where TxnDate <= CURRENT_DATE orderby Id", [1, 2, 3]),
        ("select * from Invoice where Id in ('1','3') orderby Id desc", [3, 1]),
        ("select * from Invoice", [3, 2, 1]),
    ],
)
def test_documents(filled, statement, numbers):
    found = filled.query(statement)["Invoice"]
    assert [one["DocNumber"] for one in found] == [f"Q-{number}" for number in numbers]


def test_shape_of_the_answers(filled):
    page = filled.query("select * from Customer maxresults 2")
    assert page["startPosition"] == 1 and page["maxResults"] == 2
    assert "totalCount" not in page
    assert filled.query("select * from Bill") == {}
    assert filled.query("select count(*) from Customer") == {"totalCount": 3}
    assert (
        filled.query("select *, Sku from Item where Sku = 'SKU-1'")["maxResults"] == 1
    )


def test_statement_in_the_body(filled):
    answer = filled.session.post(
        filled.path("query"),
        data="select * from Customer where DisplayName = 'Ann'",
        headers={"Content-Type": "application/text"},
    )
    assert len(answer.json()["QueryResponse"]["Customer"]) == 1


def refused(api, statement):
    """(code, detail) of a refused statement."""
    answer = api.get("query", query=statement)
    assert answer.status_code == 400, answer.text
    error = answer.json()["Fault"]["Error"][0]
    return error["code"], error["Detail"]


@pytest.mark.parametrize(
    ("statement", "code", "detail"),
    [
        ("select TxnDate frm Bill", "4000",
         'Encountered " <IDENTIFIER> "frm "" at line 1, column 16.'),
        ("select * from Bill where Id='1' or Id='2'", "4000", '"or "'),
        ("select * from Bill where (Id='1')", "4000", 'Encountered " "("" at line 1'),
        ("select * from Bill where Id", "4000", "<EOF>"),
        ("select * from Bill where Id = 'x", "4000", "Lexical error"),
        ("select * from Bill where Id <> '1'", "4000", "<>"),
        ("drop table Bill", "4000", "drop"),
        ("", "4000", "<EOF>"),
        ("select * from Bill where NoSuchField = '1'", "4001",
         "QueryValidationError: Property NoSuchField not found for Entity Bill"),
        ("select * from Bill where DepartmentRef = '1'", "4001",
         "QueryValidationError: property 'DepartmentRef' is not queryable"),
        ("select * from SalesOrder", "4001", "SalesOrder"),
        ("select * from Bill where Id > '1'", "4001", "Id"),
        ("select * from Bill where TotalAmt > 'much'", "4001", "TotalAmt"),
        ("select * from Customer where Active = 'maybe'", "4001", "Active"),
    ],
)  # fmt: skip
def test_faults(us, statement, code, detail):
    found = refused(us, statement)
    assert found[0] == code and detail in found[1]


def test_pages_are_capped(us):
    assert us.query("select * from Account maxresults 5000")["maxResults"] < 1000
    us.knobs(oversized_page="refuse")
    assert refused(us, "select * from Account maxresults 5000")[0] == "4001"


def test_default_page_is_a_hundred(us):
    items = [
        {"bId": str(n), "operation": "create", "Vendor": {"DisplayName": f"V{m}-{n}"}}
        for m in range(4)
        for n in range(28)
    ]
    for start in range(0, len(items), 28):
        us.post("batch", {"BatchItemRequest": items[start : start + 28]})
    assert us.query("select * from Vendor")["maxResults"] == 100


def test_balances_of_accounts_can_be_asked(us):
    us.make("Bill", VendorRef=ref(us.vendor()["Id"]), Line=[expense(15, 70)])
    found = us.query("select * from Account where CurrentBalance >= '70'")["Account"]
    assert "Office Expenses" in [one["Name"] for one in found]


def test_us_tax_codes_come_on_top_of_the_page(us):
    found = us.query("select * from TaxCode maxresults 1")["TaxCode"]
    names = [one["Name"] for one in found[:3]]
    assert names == ["TAX", "NON", "CustomSalesTax"] and len(found) == 4
