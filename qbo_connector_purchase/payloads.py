# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The shapes QuickBooks takes for what is bought: plain values in, dicts out."""

from odoo.addons.qbo_connector.qbo.payloads.common import (
    Texts,
    address,
    boxed,
    cents,
    compact,
    currency_fields,
    detail_line,
    linked_txn,
    number,
    ref,
)
from odoo.addons.qbo_connector.qbo.payloads.sales import document_number
from odoo.addons.qbo_connector.qbo.text import email

ORDER = "PurchaseOrder"
CHECK, CREDIT_CARD = "Check", "CreditCard"


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


def order_link(order_id, line_id=""):
    """The link of a bill (or of one of its lines) to a PurchaseOrder."""
    return linked_txn(order_id, ORDER, line_id)


def vendor_credit(
    *,
    vendor_id,
    lines,
    ap_account_id="",
    doc_number="",
    txn_date=None,
    private_note="",
    department_id="",
    currency="",
    exchange_rate=None,
    tax=None,
    texts=None,
) -> dict:
    """A VendorCredit: amounts are positive, though the vendor owes them."""
    texts = texts or Texts()
    return compact(
        {
            "VendorRef": ref(vendor_id),
            "APAccountRef": ref(ap_account_id),
            "DocNumber": document_number(texts, doc_number),
            "TxnDate": txn_date,
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            "DepartmentRef": ref(department_id),
            **currency_fields(currency, exchange_rate),
            "Line": list(lines),
            **(tax or {}),
        }
    )


def bill(*, due_date=None, term_id="", links=(), **form) -> dict:
    """A Bill; ``form`` as in vendor_credit. doc_number is the vendor's own.

    term_id is a SalesTermRef here too; links: to the PurchaseOrders, whose lines
    the bill's lines name again (TxnLineId).
    """
    return vendor_credit(**form) | compact(
        {
            "DueDate": due_date,
            "SalesTermRef": ref(term_id),
            "LinkedTxn": list(links),
        }
    )


def payment_part(amount, txn_id, txn_type="Bill") -> dict:
    """What of a BillPayment goes on a Bill (or comes from a VendorCredit)."""
    return {"Amount": cents(amount), "LinkedTxn": [linked_txn(txn_id, txn_type)]}


def bill_payment(
    *,
    vendor_id,
    parts,
    total,
    pay_type,
    account_id="",
    doc_number="",
    txn_date=None,
    private_note="",
    currency="",
    exchange_rate=None,
    texts=None,
) -> dict:
    """A BillPayment of ``payment_part`` rows; total: bills less credits.

    pay_type: Check (account_id is a bank account) or CreditCard.
    """
    texts = texts or Texts()
    card = pay_type == CREDIT_CARD
    block, name = (
        ("CreditCardPayment", "CCAccountRef")
        if card
        else ("CheckPayment", "BankAccountRef")
    )
    return compact(
        {
            "VendorRef": ref(vendor_id),
            "PayType": pay_type,
            block: compact({name: ref(account_id)}) or {"PrintStatus": "NotSet"},
            "TotalAmt": cents(total),
            "DocNumber": document_number(texts, doc_number),
            "TxnDate": txn_date,
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            **currency_fields(currency, exchange_rate),
            "Line": list(parts),
        }
    )
