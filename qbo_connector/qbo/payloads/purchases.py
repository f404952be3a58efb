"""Purchase forms: cost lines and the PurchaseOrder."""

from ..text import email
from .common import (
    Texts,
    address,
    boxed,
    compact,
    currency_fields,
    detail_line,
    number,
    ref,
)
from .sales import document_number


def item_cost_line(*, item_id, qty=None, unit_price=None, **line) -> dict:
    """A bought product; the item needs an expense account in QBO.

    ``line``: amount, description, tax_code_id, class_id, customer_id, billable,
    line_id, links, texts.
    """
    detail = {
        "ItemRef": ref(item_id),
        "Qty": number(qty),
        "UnitPrice": number(unit_price),
    }
    return _cost_line("ItemBasedExpenseLineDetail", detail, **line)


def account_cost_line(*, account_id, **line) -> dict:
    """A cost without a product, such as freight; ``line`` as in item_cost_line."""
    detail = {"AccountRef": ref(account_id)}
    return _cost_line("AccountBasedExpenseLineDetail", detail, **line)


def _cost_line(
    detail_type,
    detail,
    *,
    amount,
    description="",
    tax_code_id="",
    class_id="",
    customer_id="",
    billable=False,
    line_id="",
    links=(),
    texts=None,
):
    # A customer without a status may become billable by itself: say which.
    status = "Billable" if billable else "NotBillable"
    detail |= {
        "TaxCodeRef": ref(tax_code_id),
        "ClassRef": ref(class_id),
        "CustomerRef": ref(customer_id),
        "BillableStatus": status if customer_id else None,
    }
    return detail_line(
        detail_type,
        detail,
        amount=amount,
        description=description,
        line_id=line_id,
        links=links,
        texts=texts,
    )


def purchase_order(
    *,
    vendor_id,
    lines,
    ap_account_id="",
    doc_number="",
    txn_date=None,
    due_date=None,
    status="",
    term_id="",
    memo="",
    private_note="",
    vendor_email="",
    email_status="",
    vendor_address=None,
    ship_address=None,
    ship_to_id="",
    ship_method="",
    class_id="",
    currency="",
    exchange_rate=None,
    tax=None,
    custom_fields=(),
    texts=None,
) -> dict:
    """A PurchaseOrder; memo is what the vendor reads, private_note stays inside.

    status: Open or Closed; ship_to_id: a customer whose address is used (drop
    shipment); term_id is a SalesTermRef here, unlike on the vendor itself.
    """
    texts = texts or Texts()
    method = texts("ShipMethod", ship_method)
    mail = texts.note("POEmail", vendor_email, email(vendor_email))
    return compact(
        {
            "VendorRef": ref(vendor_id),
            "APAccountRef": ref(ap_account_id),
            "DocNumber": document_number(texts, doc_number),
            "TxnDate": txn_date,
            "DueDate": due_date,
            "POStatus": status,
            "SalesTermRef": ref(term_id),
            "Memo": texts("Memo", memo, multiline=True),
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            "POEmail": boxed("Address", mail),
            "EmailStatus": email_status if mail else "",
            "VendorAddr": address(vendor_address, texts),
            "ShipAddr": address(ship_address, texts),
            "ShipTo": ref(ship_to_id),
            "ShipMethodRef": ref(method, method),
            "ClassRef": ref(class_id),
            **currency_fields(currency, exchange_rate),
            "CustomField": [field for field in custom_fields if field],
            "Line": list(lines),
            **(tax or {}),
        }
    )
