"""Customers, vendors, items and the lists of documents."""

from ..http import Response
from ..values import dec
from .html import anchor, facts, money, page, table, text

PAGE_OF = {
    "Invoice": "invoice",
    "SalesReceipt": "salesreceipt",
    "Estimate": "estimate",
    "CreditMemo": "creditmemo",
    "RefundReceipt": "refundreceipt",
    "Payment": "recvpayment",
    "PurchaseOrder": "purchaseorder",
    "Bill": "bill",
    "BillPayment": "billpayment",
    "Purchase": "expense",
    "VendorCredit": "vendorcredit",
    "JournalEntry": "journal",
    "Deposit": "deposit",
    "InventoryAdjustment": "inventoryadjustment",
}
SALES = ("Invoice", "SalesReceipt", "Estimate", "CreditMemo", "RefundReceipt")
PURCHASES = ("PurchaseOrder", "Bill", "VendorCredit", "Purchase")
PAYMENTS = ("Payment", "BillPayment", "Deposit", "JournalEntry", "InventoryAdjustment")
LIMIT = 200


def latest(company, entity, where="", *args):
    """The newest objects of an entity (at most LIMIT)."""
    from ..values import loads

    rows = company.store.rows(
        "SELECT doc FROM objects WHERE realm=? AND entity=? AND deleted=0"
        f" {where} ORDER BY num DESC LIMIT {LIMIT}",
        company.realm,
        entity,
        *args,
    )
    return [loads(row[0]) for row in rows]


def party_rows(company, entity, name):
    """Rows of customers or vendors."""
    return [
        [
            anchor(company, name, one["DisplayName"], nameId=one["Id"]),
            text((one.get("PrimaryEmailAddr") or {}).get("Address")),
            text((one.get("CurrencyRef") or {}).get("value")),
            money(one.get("Balance")),
            state(one),
        ]
        for one in latest(company, entity)
    ]


def state(doc):
    """A tag on what is inactive."""
    return "" if doc.get("Active", True) else '<span class="tag">inactive</span>'


def parties(company, entity, name, here):
    """The page of customers or of vendors."""
    heads = ("Name", "E-mail", "Currency", "Balance", "")
    body = table(heads, party_rows(company, entity, name), (3,))
    return Response.html(page(f"{entity}s", body, company, here))


def customers(company, request):
    """All customers."""
    return parties(company, "Customer", "customerdetail", "customers")


def vendors(company, request):
    """All vendors."""
    return parties(company, "Vendor", "vendordetail", "vendors")


def items(company, request):
    """All items with their stock, or one."""
    oid = request.query.get("itemId")
    if oid:
        return item(company, oid)
    rows = [
        [
            anchor(company, "items", one["Name"], itemId=one["Id"]),
            text(one.get("Sku")),
            text(one["Type"]),
            money(one.get("UnitPrice")),
            money(one.get("PurchaseCost")),
            text(number(one.get("QtyOnHand"))),
            state(one),
        ]
        for one in latest(company, "Item")
    ]
    heads = ("Name", "SKU", "Type", "Price", "Cost", "On hand", "")
    return Response.html(page("Items", table(heads, rows, (3, 4, 5)), company, "items"))


def number(value):
    """A quantity without needless zeros."""
    return "" if value is None else f"{dec(value).normalize():f}"


def item(company, oid):
    """One item."""
    one = company.get("Item", oid)
    if one is None:
        return missing(company)
    names = (
        "Type",
        "Sku",
        "Description",
        "UnitPrice",
        "PurchaseCost",
        "QtyOnHand",
        "InvStartDate",
        "Taxable",
        "Active",
        "SyncToken",
    )
    pairs = [(name, text(one.get(name))) for name in names]
    pairs += [
        (name, text(one[name].get("name")))
        for name in one
        if name.endswith("AccountRef")
    ]
    return Response.html(page(one["Name"], facts(pairs), company, "items"))


def missing(company):
    """404."""
    body = "<p>There is no such object in this company, or it was deleted.</p>"
    return Response.html(page("Not found", body, company), 404)


def party(company, request, entity):
    """One customer or vendor with its documents."""
    one = company.get(entity, request.query.get("nameId", ""))
    if one is None:
        return missing(company)
    pairs = [
        ("E-mail", text((one.get("PrimaryEmailAddr") or {}).get("Address"))),
        ("Phone", text((one.get("PrimaryPhone") or {}).get("FreeFormNumber"))),
        ("Billing address", address(one.get("BillAddr"))),
        ("Shipping address", address(one.get("ShipAddr"))),
        ("Balance", money(one.get("Balance"))),
        ("Notes", text(one.get("Notes"))),
        ("Id", one["Id"]),
        ("SyncToken", one["SyncToken"]),
    ]
    kinds = (*SALES, "Payment") if entity == "Customer" else (*PURCHASES, "BillPayment")
    rows = [
        row
        for kind in kinds
        for row in document_rows(
            company, latest(company, kind, "AND party=?", one["Id"]), kind
        )
    ]
    body = facts(pairs) + "<h2>Documents</h2>" + table(HEADS, rows, (4, 5))
    here = "customers" if entity == "Customer" else "vendors"
    return Response.html(page(one["DisplayName"], body, company, here))


def address(block):
    """An address in lines."""
    block = block or {}
    lines = [block.get(f"Line{n}") for n in range(1, 6)]
    place = " ".join(
        block[f]
        for f in ("City", "CountrySubDivisionCode", "PostalCode", "Country")
        if block.get(f)
    )
    return "<br>".join(text(line) for line in [*lines, place] if line)


HEADS = ("Date", "Kind", "No.", "Name", "Total", "Balance", "State")


def document_rows(company, docs, entity):
    """Rows of documents of one kind."""
    return [
        [
            text(doc.get("TxnDate")),
            entity,
            anchor(
                company,
                PAGE_OF[entity],
                doc.get("DocNumber") or f"#{doc['Id']}",
                txnId=doc["Id"],
            ),
            text((doc.get("CustomerRef") or doc.get("VendorRef") or {}).get("name")),
            money(doc.get("TotalAmt")),
            money(doc.get("Balance")),
            status(doc),
        ]
        for doc in docs
    ]


def status(doc):
    """Open, paid, voided ..."""
    if str(doc.get("PrivateNote", "")).startswith("Voided"):
        return '<span class="tag">voided</span>'
    if "POStatus" in doc or "TxnStatus" in doc:
        return (
            f'<span class="tag">{text(doc.get("POStatus") or doc["TxnStatus"])}</span>'
        )
    if "Balance" not in doc:
        return ""
    word = "paid" if not dec(doc["Balance"]) else "open"
    return f'<span class="tag">{word}</span>'


def document_list(company, title, kinds, here):
    """The newest documents of some kinds."""
    rows = [
        row
        for kind in kinds
        for row in document_rows(company, latest(company, kind), kind)
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return Response.html(page(title, table(HEADS, rows, (4, 5)), company, here))


def sales(company, request):
    """Sales documents."""
    return document_list(company, "Sales", SALES, "invoices")


def purchases(company, request):
    """Purchase documents."""
    return document_list(company, "Purchases", PURCHASES, "purchaseorders")


def payments(company, request):
    """Payments and entries."""
    return document_list(company, "Payments and entries", PAYMENTS, "payments")
