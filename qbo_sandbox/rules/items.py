"""Products and services: what each type needs; quantities are the ledger's."""

from ..errors import Fault, business, required
from ..values import ZERO, dec
from . import ledger_hooks
from .base import Rule
from .names import check_characters, inactivate, place_in_tree, unique

NEEDS = ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef")
ALLOWED = {
    "IncomeAccountRef": ("Income", "Other Income"),
    "ExpenseAccountRef": ("Expense", "Cost of Goods Sold", "Other Expense"),
    "AssetAccountRef": ("Other Current Asset",),
}


class Item(Rule):
    """Service, NonInventory, Inventory and Category."""

    def prepare(self, change):
        doc = change.doc
        doc.setdefault("Type", (change.old or {}).get("Type"))
        if not doc["Type"]:
            raise required("Type")
        check_characters(doc.get("Name"), "Name")
        self.type(change)
        if not doc.get("Name"):
            raise required("Name")
        level = place_in_tree(change, "Name")
        if level:
            doc["Level"] = level
        self.parent(change)
        inactivate(change, "Name")
        unique(change, "Name", ("Item",))
        self.defaults(change)

    def type(self, change):
        """The rules of the item's type."""
        doc, kind = change.doc, change.doc["Type"]
        if kind in ("Group", "Bundle"):
            raise Fault(500, "Bundles are read only", "Type", status=400)
        if change.old and change.old["Type"] == "Inventory" != kind:
            raise business("The type of an inventory item cannot be changed.")
        getattr(self, "check_" + kind.lower())(change)
        for field, kinds in ALLOWED.items():
            if doc.get(field):
                self.account(change, field, kinds)

    def check_service(self, change):
        """An account for selling, for buying or both (UK, CA: both)."""
        doc = change.doc
        fields = [field for field in NEEDS[:2] if doc.get(field)]
        if not fields:
            raise required("IncomeAccountRef")
        if len(fields) < 2 and change.company.kind != "us":
            raise required(next(one for one in NEEDS[:2] if one not in fields))
        doc["TrackQtyOnHand"] = False
        for field in ("QtyOnHand", "InvStartDate", "AssetAccountRef"):
            doc.pop(field, None)

    check_noninventory = check_service

    def check_inventory(self, change):
        """Three accounts, a quantity and a start date."""
        doc = change.doc
        if not change.company.pref("ProductAndServicesPrefs", "QuantityOnHand"):
            raise Fault(5030, "Inventory is not turned on for this company", "Type")
        for field in NEEDS:
            if not doc.get(field):
                raise required(field)
        if change.old is None:
            for field in ("TrackQtyOnHand", "QtyOnHand", "InvStartDate"):
                if doc.get(field) is None or doc[field] is False:  # 0 is a quantity
                    raise required(field)
        if doc.get("TrackQtyOnHand") is False:
            raise business("Quantity on hand must stay tracked for an inventory item.")
        doc["TrackQtyOnHand"] = True

    def check_category(self, change):
        """No prices, no accounts, always active."""
        doc = change.doc
        if doc.get("Active") is False:
            raise business("A category cannot be made inactive.")
        for field in (*NEEDS, "UnitPrice", "PurchaseCost"):
            if change.sent.get(field):
                raise business(f"A category has no {field}.")

    def account(self, change, field, kinds):
        """6430 for an account of the wrong type."""
        kind = change.company.account_type(change.doc[field]["value"])
        if kind not in kinds:
            raise Fault(6430, f"Invalid account type used : {field} is {kind}", field)

    def parent(self, change):
        """Only a category can be above an item."""
        doc = change.doc
        doc["SubItem"] = bool(doc.get("ParentRef"))
        if not doc["SubItem"]:
            return
        above = change.company.get("Item", doc["ParentRef"]["value"])
        if above["Type"] != "Category":
            raise business("The parent of an item must be a category.")

    def defaults(self, change):
        """Taxable flag, prices, quantity and the cleared price of a category."""
        doc = change.doc
        if doc["Type"] == "Category":
            return
        doc.setdefault("Taxable", change.company.kind == "us" and not change.old)
        doc.setdefault("UnitPrice", ZERO)
        doc.setdefault("PurchaseCost", ZERO)
        if doc["Type"] == "Inventory" and change.old:
            doc.setdefault("QtyOnHand", change.old["QtyOnHand"])
            doc["_start"] = change.sent.get("InvStartDate")
            doc["InvStartDate"] = change.old["InvStartDate"]

    def effects(self, change):
        """A quantity sent is booked as a start or an adjustment."""
        ledger_hooks.item_quantity(change)

    def token_step(self, change):
        """Setting a quantity bumps the token by two (recorded)."""
        old = change.old or {}
        return 2 if dec(change.doc.get("QtyOnHand")) != dec(old.get("QtyOnHand")) else 1


RULES = {"Item": Item()}
