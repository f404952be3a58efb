"""Small lists and the company's own objects."""

from ..catalog import ENTITIES
from ..errors import Fault, business, required
from .base import Rule
from .currency import NAMES
from .names import inactivate, place_in_tree, unique


class Named(Rule):
    """A list whose names are unique."""

    field = "Name"
    tree = ""

    def prepare(self, change):
        if not change.doc.get(self.field):
            raise required(self.field)
        if self.tree:
            change.doc[self.tree] = bool(place_in_tree(change, self.field))
        inactivate(change, self.field)
        unique(change, self.field, (change.entity.name,))
        self.complete(change)

    def complete(self, change):
        """What one list has beyond its name."""


class Class_(Named):
    """Classes nest."""

    tree = "SubClass"

    def complete(self, change):
        prefs = change.company.prefs()["AccountingInfoPrefs"]
        if not (
            prefs.get("ClassTrackingPerTxn") or prefs.get("ClassTrackingPerTxnLine")
        ):
            raise Fault(5030, "Class tracking is not turned on", "")


class Department(Named):
    """Locations nest."""

    tree = "SubDepartment"

    def complete(self, change):
        if not change.company.pref("AccountingInfoPrefs", "TrackDepartments"):
            raise Fault(5030, "Location tracking is not turned on", "")


class Term(Named):
    """So many days, or a day of the month."""

    def complete(self, change):
        doc = change.doc
        if doc.get("DayOfMonthDue"):
            doc["Type"] = "DATE_DRIVEN"
        elif doc.get("DueDays") is not None:
            doc["Type"] = "STANDARD"
        else:
            raise required("DueDays")


class PaymentMethod(Named):
    """Cash-like unless said otherwise."""

    def complete(self, change):
        change.doc.setdefault("Type", "NON_CREDIT_CARD")


class TaxAgency(Named):
    """US companies keep their own agencies."""

    field = "DisplayName"

    def complete(self, change):
        change.doc.setdefault("TaxTrackedOnSales", True)
        change.doc.setdefault("TaxTrackedOnPurchases", change.company.kind != "us")


class CompanyCurrency(Rule):
    """A currency the company deals in."""

    def prepare(self, change):
        doc, company = change.doc, change.company
        if change.old:
            doc["Code"] = change.old["Code"]
        if not company.multicurrency():
            raise Fault(5030, "Multicurrency is not turned on for this company", "")
        if doc.get("Code") not in NAMES or doc["Code"] == company.home:
            raise Fault(
                2220,
                f"Invalid Currency : {doc.get('Code')}",
                "Code",
                message="Invalid Currency Type",
            )
        doc["Name"] = doc.get("Name") or NAMES[doc["Code"]]
        doc.setdefault("Active", True)
        self.once(change)

    def once(self, change):
        """A currency stands in the list once."""
        for one in change.company.every("CompanyCurrency"):
            if one["Code"] == change.doc["Code"] and one["Id"] != change.doc.get("Id"):
                raise business(f"{one['Code']} is already in the list.")


class Attachable(Rule):
    """A note or a file, hanging on objects that exist."""

    def prepare(self, change):
        doc = change.doc
        if not doc.get("Note") and not doc.get("FileName"):
            raise Fault(6040, "A note or a file name is required", "FileName")
        for one in doc.get("AttachableRef", []):
            target = one.get("EntityRef") or {}
            kind = {name.lower(): name for name in ENTITIES}.get(
                str(target.get("type", "")).lower()
            )
            if target and kind is None:
                raise Fault(6050, f"Unknown type {target.get('type')}", "EntityRef")
            if target and change.company.get(kind, target["value"]) is None:
                raise Fault(2500, f"Invalid Reference Id : {kind}", "EntityRef")

    def shown(self, company, doc):
        """A file's addresses; the temporary one needs no token."""
        if doc.get("FileName") and doc.get("Size") is not None:
            place = f"{company.realm}/{doc['Id']}"
            doc["TempDownloadUri"] = f"{company.app.base}/files/{place}"
            doc["FileAccessUri"] = f"/v3/company/{place.replace('/', '/download/')}"
        return doc


class Single(Rule):
    """CompanyInfo and Preferences: one of each, never made, never gone."""

    def prepare(self, change):
        old = change.old or {}
        for name, value in old.items():
            sent = change.sent.get(name)
            if isinstance(value, dict) and isinstance(sent, dict):
                change.doc[name] = {**value, **sent}
            elif name.endswith("Prefs") and name not in change.doc:
                change.doc[name] = value


class CompanyInfo(Single):
    """Tells whether the subscription is paid."""

    def shown(self, company, doc):
        lapsed = company.knob("subscription") == "lapsed"
        for one in doc["NameValue"]:
            if one["Name"] == "SubscriptionStatus" and lapsed:
                one["Value"] = "EXPIRED"
        return doc


class Preferences(Single):
    """The books' closing date and multicurrency can't be changed by the API."""

    def prepare(self, change):
        super().prepare(change)
        old = change.old["AccountingInfoPrefs"].get("BookCloseDate")
        change.doc["AccountingInfoPrefs"].pop("BookCloseDate", None)
        if old:
            change.doc["AccountingInfoPrefs"]["BookCloseDate"] = old
        change.doc["CurrencyPrefs"] = change.old["CurrencyPrefs"]


RULES = {
    "Class": Class_(),
    "Department": Department(),
    "Term": Term(),
    "PaymentMethod": PaymentMethod(),
    "TaxAgency": TaxAgency(),
    "TaxCode": Named(),
    "TaxRate": Named(),
    "CustomerType": Named(),
    "CompanyCurrency": CompanyCurrency(),
    "Attachable": Attachable(),
    "CompanyInfo": CompanyInfo(),
    "Preferences": Preferences(),
}
