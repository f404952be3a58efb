"""Customer, Vendor and Item: QBO's lists that Odoo's records become."""

from ..text import LIMITS, display_name, email, item_name, phone
from .common import Texts, address, boxed, compact, number, ref


def customer(
    *,
    name,
    suffix="",
    company_name="",
    given_name="",
    family_name="",
    email="",
    phone="",
    mobile="",
    website="",
    bill_address=None,
    ship_address=None,
    notes="",
    taxable=None,
    exemption_reason=None,
    tax_code_id="",
    resale_number="",
    term_id="",
    payment_method_id="",
    customer_type_id="",
    currency="",
    parent_id="",
    bill_with_parent=None,
    active=None,
    texts=None,
) -> dict:
    """A Customer. name becomes DisplayName, unique over customers, vendors and
    employees (6240); suffix, kept whole, tells equal names apart.

    exemption_reason: 1-15 (9 resale); currency: ISO code, fixed once created;
    parent_id makes it a sub-customer.
    """
    texts = texts or Texts()
    return _party(
        texts, name, suffix, company_name, given_name, family_name,
        email, phone, mobile, website,
    ) | compact(
        {
            "BillAddr": address(bill_address, texts),
            "ShipAddr": address(ship_address, texts),
            "Notes": texts("Notes", notes, multiline=True),
            "Taxable": taxable,
            "TaxExemptionReasonId": exemption_reason and str(exemption_reason),
            "DefaultTaxCodeRef": ref(tax_code_id),
            "ResaleNum": texts("ResaleNum", resale_number),
            "SalesTermRef": ref(term_id),
            "PaymentMethodRef": ref(payment_method_id),
            "CustomerTypeRef": ref(customer_type_id),
            "CurrencyRef": ref(currency),
            "Job": True if parent_id else None,
            "ParentRef": ref(parent_id),
            "BillWithParent": bill_with_parent if parent_id else None,
            "Active": active,
        }
    )  # fmt: skip


def vendor(
    *,
    name,
    suffix="",
    company_name="",
    given_name="",
    family_name="",
    print_on_check_name="",
    email="",
    phone="",
    mobile="",
    website="",
    bill_address=None,
    term_id="",
    account_number="",
    vendor_1099=None,
    tax_identifier="",
    currency="",
    active=None,
    texts=None,
) -> dict:
    """A Vendor; terms go as TermRef here (SalesTermRef is the customers')."""
    texts = texts or Texts()
    return _party(
        texts, name, suffix, company_name, given_name, family_name,
        email, phone, mobile, website,
    ) | compact(
        {
            "PrintOnCheckName": texts("PrintOnCheckName", print_on_check_name),
            "BillAddr": address(bill_address, texts),
            "TermRef": ref(term_id),
            "AcctNum": texts("AcctNum", account_number),
            "Vendor1099": vendor_1099,
            "TaxIdentifier": texts("TaxIdentifier", tax_identifier, 20),
            "CurrencyRef": ref(currency),
            "Active": active,
        }
    )  # fmt: skip


def _party(texts, name, suffix, company, given, family, mail, tel, mobile, web):
    shown = display_name(name, suffix, charset=texts.charset)
    texts.note("DisplayName", f"{name or ''} {suffix}".strip(), shown)
    mail = texts.note("Email", mail, email(mail))
    return compact(
        {
            "DisplayName": shown,
            "CompanyName": texts("CompanyName", company),
            "GivenName": _person(texts, "GivenName", given),
            "FamilyName": _person(texts, "FamilyName", family),
            "PrimaryEmailAddr": boxed("Address", mail),
            "PrimaryPhone": boxed("FreeFormNumber", _phone(texts, "Phone", tel)),
            "Mobile": boxed("FreeFormNumber", _phone(texts, "Mobile", mobile)),
            "WebAddr": boxed("URI", texts("Uri", web)),
        }
    )


def _person(texts, field, value):
    limit = LIMITS["PersonName"]
    return texts.note(field, value, display_name(value, "", limit, texts.charset))


def _phone(texts, field, value):
    return texts.note(field, value, phone(value))


def item(
    *,
    name,
    type,
    suffix="",
    sku="",
    description="",
    bought_description="",
    unit_price=None,
    cost=None,
    income_account_id="",
    expense_account_id="",
    asset_account_id="",
    qty_on_hand=None,
    start_date=None,
    taxable=None,
    sales_tax_code_id="",
    buying_tax_code_id="",
    sales_tax_included=None,
    buying_tax_included=None,
    parent_id="",
    vendor_id="",
    active=None,
    texts=None,
) -> dict:
    """An Item. type: Inventory, NonInventory, Service or Category.

    Inventory needs three accounts, a start quantity and a start date (2020,
    6430); on an update leave the last two out: they would post an adjustment.
    """
    texts = texts or Texts()
    shown = item_name(name, suffix, charset=texts.charset)
    texts.note("Name", f"{name or ''} {suffix}".strip(), shown)
    bought = texts("PurchaseDesc", bought_description, multiline=True)
    return compact(
        {
            "Name": shown,
            "Type": type,
            "Sku": texts("Sku", sku),
            "Description": texts("Description", description, multiline=True),
            "PurchaseDesc": bought,
            "UnitPrice": number(unit_price),
            "PurchaseCost": number(cost),
            "IncomeAccountRef": ref(income_account_id),
            "ExpenseAccountRef": ref(expense_account_id),
            "AssetAccountRef": ref(asset_account_id),
            "TrackQtyOnHand": True if type == "Inventory" else None,
            "QtyOnHand": number(qty_on_hand),
            "InvStartDate": start_date,
            "Taxable": taxable,
            "SalesTaxCodeRef": ref(sales_tax_code_id),
            "PurchaseTaxCodeRef": ref(buying_tax_code_id),
            "SalesTaxIncluded": sales_tax_included,
            "PurchaseTaxIncluded": buying_tax_included,
            "SubItem": True if parent_id else None,
            "ParentRef": ref(parent_id),
            "PrefVendorRef": ref(vendor_id),
            "Active": active,
        }
    )
