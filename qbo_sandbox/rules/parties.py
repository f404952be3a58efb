"""Customers, vendors and employees share one row of names and ids."""

import re

from ..errors import Fault, business
from ..values import ZERO, dec
from . import currency, ledger_hooks
from .base import Rule
from .names import check_characters, inactivate, place_in_tree, unique

PEOPLE = ("Customer", "Vendor", "Employee")
PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
CHECKED = ("DisplayName", "PrintOnCheckName", *PARTS)


class Party(Rule):
    """What the three have in common."""

    def prepare(self, change):
        doc = change.doc
        self.name(change)
        for field in CHECKED:
            check_characters(doc.get(field), field)
        email(doc.get("PrimaryEmailAddr"), "PrimaryEmailAddr")
        inactivate(change, "DisplayName")
        unique(change, "DisplayName", PEOPLE)
        doc.setdefault("PrintOnCheckName", doc.get("CompanyName") or doc["DisplayName"])
        self.complete(change)

    def name(self, change):
        """DisplayName, or built from the parts of a name (6080 without any)."""
        doc = change.doc
        if change.old and "DisplayName" in change.sent and not doc.get("DisplayName"):
            doc["DisplayName"] = change.old["DisplayName"]
        parts = " ".join(doc[part] for part in PARTS if doc.get(part))
        doc["DisplayName"] = (doc.get("DisplayName") or parts).strip()
        if not doc["DisplayName"]:
            raise Fault(
                6080,
                "At least one of Title, GivenName, MiddleName, FamilyName, "
                "DisplayName or Suffix is required",
                "DisplayName",
            )

    def complete(self, change):
        """Fields only one of the three has."""


class Customer(Party):
    """Sub-customers, tax flag, opening balance, currency."""

    def complete(self, change):
        doc = change.doc
        currency.of_party(change)
        level = place_in_tree(change, "DisplayName")
        below(change, level)
        if level:
            doc["Level"] = level
        doc.setdefault("Taxable", change.company.kind == "us")
        doc.setdefault("Job", False)
        doc.setdefault("BillWithParent", False)
        doc.setdefault("PreferredDeliveryMethod", "None")
        opening(change, "BalanceWithJobs")

    def effects(self, change):
        ledger_hooks.opening_balance(change)


class Vendor(Party):
    """Opening balance and currency."""

    def complete(self, change):
        currency.of_party(change)
        change.doc.setdefault("Vendor1099", False)
        opening(change)

    def effects(self, change):
        ledger_hooks.opening_balance(change)


class Employee(Party):
    """Names only."""

    def name(self, change):
        doc = change.doc
        if "DisplayName" not in change.sent or change.old:
            names = [doc.get(p) for p in PARTS if doc.get(p)]
            doc["DisplayName"] = " ".join(names) or doc.get("DisplayName", "")
        super().name(change)


def below(change, level):
    """6150 unless a sub-customer says both, ParentRef and Job; one currency a tree."""
    doc = change.doc
    if bool(level) != bool(doc.get("Job")):
        raise Fault(
            6150,
            "ParentRef is either required or not if Job is true or false.",
            "Job",
        )
    above = level and change.company.get("Customer", doc["ParentRef"]["value"])
    if above and above["CurrencyRef"] != doc["CurrencyRef"]:
        raise business("A sub-customer has the currency of its parent.")


def opening(change, *more):
    """Balance is writable on create only; later it is the ledger's."""
    doc = change.doc
    if change.old:
        doc["Balance"] = change.old.get("Balance", ZERO)
    else:
        doc["Balance"] = dec(doc.get("Balance"))
    for name in more:
        doc[name] = doc["Balance"]
    if change.old and not doc["Active"] and doc["Balance"] != 0 and vendor(change):
        raise business("You cannot make a vendor with a balance inactive.")


def vendor(change):
    """True for vendors."""
    return change.entity.name == "Vendor"


def email(block, element):
    """2210 unless an address has an @ and a dot after it."""
    address = (block or {}).get("Address")
    one = r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+"
    if address and not re.fullmatch(rf"{one}(\s*[,;]\s*{one})*", address.strip()):
        raise Fault(
            2210,
            "Email Address does not conform to the syntax rules of RFC 822.",
            element,
        )


RULES = {"Customer": Customer(), "Vendor": Vendor(), "Employee": Employee()}
