"""Sales forms: their lines and the header that Invoice and its kin share."""

from ..text import doc_number as short_number
from ..text import email
from .common import (
    Texts,
    address,
    boxed,
    cents,
    compact,
    currency_fields,
    detail_line,
    number,
    ref,
)

SHIPPING_ITEM = "SHIPPING_ITEM_ID"  # QBO's own item behind the form's shipping field


def sales_line(
    *,
    item_id,
    amount,
    qty=None,
    unit_price=None,
    description="",
    tax_code_id="",
    class_id="",
    service_date=None,
    tax_inclusive_amount=None,
    line_id="",
    links=(),
    texts=None,
) -> dict:
    """A line with a product; quantity and price as ``money.price_line`` found them.

    amount: net, in the form's currency. tax_code_id: ``TAX`` or ``NON`` in the
    US, a TaxCode's id elsewhere. line_id: of the line as it stands in QBO.
    """
    detail = {
        "ItemRef": ref(item_id),
        "Qty": number(qty),
        "UnitPrice": number(unit_price),
        "TaxCodeRef": ref(tax_code_id),
        "ClassRef": ref(class_id),
        "ServiceDate": service_date,
        "TaxInclusiveAmt": cents(tax_inclusive_amount),
    }
    return detail_line(
        "SalesItemLineDetail",
        detail,
        amount=amount,
        description=description,
        line_id=line_id,
        links=links,
        texts=texts,
    )


def description_line(*, description, line_id="", texts=None) -> dict:
    """A line of words only: a section or a note."""
    return detail_line(
        "DescriptionOnly", {}, description=description, line_id=line_id, texts=texts
    )


def shipping_line(*, amount, tax_code_id="", class_id="", line_id="") -> dict:
    """QBO's shipping field, at most one a form; needs Preferences' AllowShipping."""
    return sales_line(
        item_id=SHIPPING_ITEM,
        amount=amount,
        tax_code_id=tax_code_id,
        class_id=class_id,
        line_id=line_id,
    )


def discount_line(*, amount=None, percent=None, account_id="", line_id="") -> dict:
    """The form's one discount: a positive amount or a percentage (6090 without).

    Needs Preferences' AllowDiscount; raises ValueError unless just one is given.
    """
    if (amount is None) == (percent is None):
        raise ValueError("a discount has either an amount or a percentage")
    detail = {
        "PercentBased": percent is not None,
        "DiscountPercent": number(percent),
        "DiscountAccountRef": ref(account_id),
    }
    return detail_line("DiscountLineDetail", detail, amount=amount, line_id=line_id)


def sales_form(
    *,
    customer_id,
    lines,
    doc_number="",
    txn_date=None,
    private_note="",
    customer_memo="",
    bill_address=None,
    ship_address=None,
    ship_from_address=None,
    bill_email="",
    email_status="",
    print_status="",
    currency="",
    exchange_rate=None,
    class_id="",
    department_id="",
    ship_method="",
    ship_date=None,
    tracking_number="",
    apply_tax_after_discount=None,
    tax=None,
    custom_fields=(),
    links=(),
    texts=None,
) -> dict:
    """What Invoice, SalesReceipt, Estimate, CreditMemo and RefundReceipt share.

    lines: built by the functions above; tax: of ``us_tax`` or ``global_tax``;
    dates: date objects; currency: ISO code, only where several are on.
    """
    texts = texts or Texts()
    method = texts("ShipMethod", ship_method)
    memo = texts("CustomerMemo", customer_memo, multiline=True)
    mail = texts.note("BillEmail", bill_email, email(bill_email))
    return compact(
        {
            "CustomerRef": ref(customer_id),
            "DocNumber": document_number(texts, doc_number),
            "TxnDate": txn_date,
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            "CustomerMemo": boxed("value", memo),
            "BillAddr": address(bill_address, texts),
            "ShipAddr": address(ship_address, texts),
            "ShipFromAddr": address(ship_from_address, texts),
            "BillEmail": boxed("Address", mail),
            # QBO refuses NeedToSend without an address to send to.
            "EmailStatus": email_status if mail else email_status and "NotSet",
            "PrintStatus": print_status,
            **currency_fields(currency, exchange_rate),
            "ClassRef": ref(class_id),
            "DepartmentRef": ref(department_id),
            "ShipMethodRef": ref(method, method),
            "ShipDate": ship_date,
            "TrackingNum": texts("TrackingNum", tracking_number),
            "ApplyTaxAfterDiscount": apply_tax_after_discount,
            "CustomField": [field for field in custom_fields if field],
            "LinkedTxn": list(links),
            "Line": list(lines),
            **(tax or {}),
        }
    )


def invoice(
    *,
    due_date=None,
    term_id="",
    deposit=None,
    deposit_account_id="",
    allow_card=None,
    allow_bank_transfer=None,
    **form,
) -> dict:
    """An Invoice: a sales form with terms; ``form`` as in ``sales_form``.

    deposit: what was paid ahead, booked to deposit_account_id.
    """
    return sales_form(**form) | compact(
        {
            "DueDate": due_date,
            "SalesTermRef": ref(term_id),
            "Deposit": cents(deposit),
            "DepositToAccountRef": ref(deposit_account_id),
            "AllowOnlineCreditCardPayment": allow_card,
            "AllowOnlineACHPayment": allow_bank_transfer,
        }
    )


def document_number(texts, value):
    """DocNumber: as given, or shortened by the rule that keeps numbers unique."""
    return texts.note("DocNumber", value, short_number(value, charset=texts.charset))
