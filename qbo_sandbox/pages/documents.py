"""A document with its lines, tax, totals and links."""

from ..http import Response
from . import hand
from .html import anchor, facts, money, page, table, text
from .lists import PAGE_OF, address, missing, number, status

LINES = ("#", "Item or account", "Description", "Qty", "Rate", "Tax", "Amount")
DATES = {
    "TxnDate": "Date",
    "DueDate": "Due",
    "ExpirationDate": "Valid until",
    "ShipDate": "Shipped",
    "TrackingNum": "Tracking number",
}
REFERENCES = {
    "SalesTermRef": "Terms",
    "DepartmentRef": "Location",
    "ClassRef": "Class",
    "ShipMethodRef": "Shipped by",
    "DepositToAccountRef": "Deposited to",
    "PaymentMethodRef": "Paid by",
    "APAccountRef": "Payable account",
    "AdjustAccountRef": "Adjustment account",
}
LINKED = {
    "Invoice": "Invoice",
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
}


def page_of(company, request, entity):
    """The page of one document."""
    doc = company.get(entity, request.query.get("txnId", ""))
    if doc is None:
        return missing(company)
    if request.method == "POST":
        return hand.act(company, request, entity, doc)
    title = f"{entity} {doc.get('DocNumber') or '#' + doc['Id']}"
    body = (
        facts(head(company, doc))
        + "<h2>Lines</h2>"
        + table(
            LINES,
            [row for line in doc.get("Line", []) for row in line_rows(company, line)],
            (3, 4, 6),
        )
        + "<h2>Totals</h2>"
        + facts(totals(doc))
        + links(company, doc)
        + files(company, entity, doc)
        + hand.controls(entity, doc)
    )
    here = "purchaseorders" if "VendorRef" in doc else "invoices"
    return Response.html(page(title, body, company, here))


def head(company, doc):
    """Header fields."""
    party = doc.get("CustomerRef") or doc.get("VendorRef") or {}
    name = "customerdetail" if "CustomerRef" in doc else "vendordetail"
    pairs = [
        (
            "For",
            anchor(company, name, party.get("name"), nameId=party["value"])
            if party
            else "",
        ),
        ("State", status(doc)),
    ]
    for field, label in DATES.items():
        pairs.append((label, text(doc.get(field))))
    for field, label in REFERENCES.items():
        ref = doc.get(field) or {}
        pairs.append((label, text(ref.get("name", ref.get("value")))))
    for one in doc.get("CustomField", []):
        pairs.append((one.get("Name"), text(one.get("StringValue"))))
    pairs += [
        ("Bill to", address(doc.get("BillAddr") or doc.get("VendorAddr"))),
        ("Ship to", address(doc.get("ShipAddr"))),
        ("E-mail", email(doc)),
        ("Message", text((doc.get("CustomerMemo") or {}).get("value"))),
        ("Memo", text(doc.get("Memo"))),
        ("Note", text(doc.get("PrivateNote"))),
        ("Id", f"{doc['Id']} <span class='grey'>token {doc['SyncToken']}</span>"),
    ]
    return pairs


def email(doc):
    """Where it is sent, and whether it was."""
    block = doc.get("BillEmail") or doc.get("POEmail") or {}
    status = doc.get("EmailStatus", "NotSet")
    address = text(block.get("Address"))
    if not address or status == "NotSet":
        return address
    return f"{address} <span class='grey'>{text(status)}</span>"


def files(company, entity, doc):
    """Notes and files that hang on the document."""
    here = {"type": entity.lower(), "value": doc["Id"]}
    rows = []
    for one in company.every("Attachable"):
        refs = [link.get("EntityRef") or {} for link in one.get("AttachableRef", [])]
        found = [{**ref, "type": str(ref.get("type", "")).lower()} for ref in refs]
        if any(here.items() <= ref.items() for ref in found):
            rows.append([file_link(company, one), text(one.get("Note"))])
    return "<h2>Attached</h2>" + table(("File", "Note"), rows) if rows else ""


def file_link(company, one):
    """A file's name, which opens it; "" for a note without one."""
    if one.get("Size") is None:
        return ""
    address = f"/files/{company.realm}/{one['Id']}"
    return f'<a href="{address}">{text(one["FileName"])}</a>'


def line_rows(company, line):
    """Rows of one line (a bundle has one for each part)."""
    kind = line.get("DetailType", "")
    detail = line.get(kind, {})
    ref = next(
        (
            detail[f]
            for f in ("ItemRef", "AccountRef", "GroupItemRef", "DiscountAccountRef")
            if detail.get(f)
        ),
        {},
    )
    label = {"SubTotalLineDetail": "Subtotal", "DiscountLineDetail": "Discount"}.get(
        kind, ref.get("name", ref.get("value", ""))
    )
    sign = "-" if kind == "DiscountLineDetail" and line.get("Amount") else ""
    posting = detail.get("PostingType")
    yield [
        text(line.get("LineNum")),
        text(label) + (f" ({posting})" if posting else ""),
        text(line.get("Description")),
        text(number(detail.get("Qty"))),
        text(number(detail.get("UnitPrice"))),
        text((detail.get("TaxCodeRef") or {}).get("value")),
        sign + money(line.get("Amount")),
    ]
    for child in detail.get("Line", []):
        yield from line_rows(company, child)


def totals(doc):
    """Tax lines and sums."""
    tax = doc.get("TxnTaxDetail") or {}
    pairs = []
    for line in tax.get("TaxLine", []):
        detail = line["TaxLineDetail"]
        label = f"Tax {number(detail.get('TaxPercent'))} %"
        pairs.append(
            (
                label,
                f"{money(line['Amount'])} <span class='grey'>on "
                f"{money(detail.get('NetAmountTaxable'))}</span>",
            )
        )
    currency = (doc.get("CurrencyRef") or {}).get("value", "")
    pairs += [
        ("Tax", money(tax.get("TotalTax")) if tax else ""),
        ("Total", f"<b>{money(doc.get('TotalAmt'))} {text(currency)}</b>"),
        ("Balance", money(doc.get("Balance"))),
        ("Unapplied", money(doc.get("UnappliedAmt"))),
    ]
    return pairs


def links(company, doc):
    """The linked documents."""
    found = list(doc.get("LinkedTxn", []))
    found += [one for line in doc.get("Line", []) for one in line.get("LinkedTxn", [])]
    rows = []
    for one in found:
        entity = LINKED.get(one["TxnType"], one["TxnType"])
        label = f"{one['TxnType']} {one['TxnId']}"
        name = PAGE_OF.get(entity)
        rows.append(
            [anchor(company, name, label, txnId=one["TxnId"]) if name else text(label)]
        )
    unique = [row for n, row in enumerate(rows) if row not in rows[:n]]
    return "<h2>Linked</h2>" + table(("Document",), unique) if unique else ""
