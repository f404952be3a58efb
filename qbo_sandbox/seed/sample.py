"""A trading company's partners, goods and documents of the last weeks."""

from ..catalog import ENTITIES
from ..engine import save
from ..values import add_days

CUSTOMERS = [
    "Alder Bicycle Works",
    "Birch & Sons Hardware",
    "Cedar Hill School",
    "Dogwood Catering",
    "Elm Street Dental",
    "Fir Ridge Outfitters",
]
VENDORS = ["Granite Supply Co", "Harbor Freight Forwarding", "Ironwood Tools Ltd"]
# name, type, price, cost, quantity
ITEMS = [
    ("Assembly hour", "Service", 45, 0, 0),
    ("Brake set", "Inventory", 32, 14, 80),
    ("Chain", "Inventory", 19.5, 8.25, 120),
    ("Delivery", "Service", 12, 0, 0),
    ("Gift wrapping", "NonInventory", 3.5, 1, 0),
    ("Handlebar", "Inventory", 41, 18, 30),
    ("Inspection", "Service", 25, 0, 0),
    ("Inner tube", "Inventory", 6.9, 2.4, 300),
    ("Pump", "Inventory", 28, 12, 45),
    ("Repair hour", "Service", 60, 0, 0),
    ("Saddle", "Inventory", 55, 21.5, 25),
    ("Wheel", "Inventory", 88, 39, 40),
]
STATES = [
    ("Oakland", "CA", "94607"),
    ("Tucson", "AZ", "85701"),
    ("Austin", "TX", "78701"),
]


def seed_sample(company, options):
    """Write the sample through the API's own rules."""
    Sample(company).run()


class Sample:
    """Builds documents on top of each other."""

    def __init__(self, company):
        self.company, self.day = company, company.today()
        self.tax = tax_ids(company)

    def add(self, entity, **body):
        """Create through the engine; returns the object."""
        return save(self.company, ENTITIES[entity], body)

    def run(self):
        """Partners, items, then documents."""
        customers = [self.customer(*one) for one in enumerate(CUSTOMERS)]
        vendors = [
            self.add(
                "Vendor",
                DisplayName=name,
                CompanyName=name,
                PrimaryEmailAddr={"Address": f"orders@{name.split()[0].lower()}.test"},
            )
            for name in VENDORS
        ]
        self.add("Employee", GivenName="Robin", FamilyName="Hale")
        start = add_days(self.day, -90)
        items = [self.item(one, start) for one in ITEMS]
        self.bundle("Tune-up kit", [(items[1], 1), (items[2], 1), (items[9], 2)])
        for position, customer in enumerate(customers):
            self.sell(position, customer, items)
        for position, vendor in enumerate(vendors):
            self.buy(position, vendor, items)

    def customer(self, position, name):
        """A customer with address and e-mail."""
        city, state, code = STATES[position % 3]
        address = {
            "Line1": f"{position + 1} Main Street",
            "City": city,
            "CountrySubDivisionCode": state,
            "PostalCode": code,
        }
        return self.add(
            "Customer",
            DisplayName=name,
            CompanyName=name,
            BillAddr=address,
            ShipAddr=address,
            PrimaryEmailAddr={"Address": f"accounts@{name.split()[0].lower()}.test"},
        )

    def item(self, row, start):
        """An item of a row of ITEMS."""
        name, kind, price, cost, quantity = row
        body = {
            "Name": name,
            "Type": kind,
            "UnitPrice": price,
            "PurchaseCost": cost,
            "Sku": name.upper().replace(" ", "-"),
            "Taxable": kind != "Service",
            "IncomeAccountRef": {"value": "1" if kind == "Service" else "79"},
            "ExpenseAccountRef": {"value": "80"},
        }
        if kind == "Inventory":
            body.update(
                TrackQtyOnHand=True,
                QtyOnHand=quantity,
                InvStartDate=start,
                AssetAccountRef={"value": "81"},
            )
        return self.add("Item", **body)

    def bundle(self, name, parts):
        """A bundle, put in its place: the API can't make one."""
        from . import Seeder

        lines = [
            {"ItemRef": {"value": item["Id"], "name": item["Name"]}, "Qty": count}
            for item, count in parts
        ]
        body = {
            "Name": name,
            "FullyQualifiedName": name,
            "Type": "Group",
            "Active": True,
            "ItemGroupDetail": {"ItemGroupLine": lines},
        }
        Seeder(self.company, {}).add("Item", body)

    def line(self, item, quantity):
        """A sales line at the item's price."""
        price = item["UnitPrice"]
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": price * quantity,
            "Description": item["Name"],
            "SalesItemLineDetail": {
                "ItemRef": {"value": item["Id"]},
                "Qty": quantity,
                "UnitPrice": price,
                "TaxCodeRef": {"value": self.tax[0]},
            },
        }

    def sell(self, position, customer, items):
        """An estimate, an invoice and (mostly) its payment."""
        ref = {"value": customer["Id"]}
        day = add_days(self.day, -40 + position * 5)
        goods = [self.line(items[(position + n) % len(items)], n + 1) for n in range(3)]
        head = {"CustomerRef": ref, "TxnDate": day, "Line": goods}
        if self.tax[1]:
            head["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": self.tax[1]}}
        self.add("Estimate", **head, DocNumber=f"E-{100 + position}")
        invoice = self.add(
            "Invoice",
            **head,
            DocNumber=f"{1001 + position}",
            SalesTermRef={"value": "4"},
        )
        if position < 5:
            amount = invoice["TotalAmt"] if position < 3 else 20
            self.add(
                "Payment",
                CustomerRef=ref,
                TotalAmt=amount,
                TxnDate=add_days(day, 12),
                Line=[
                    {
                        "Amount": amount,
                        "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}],
                    }
                ],
            )

    def buy(self, position, vendor, items):
        """A purchase order and, for the first, its bill."""
        stored = [one for one in items if one["Type"] == "Inventory"]
        item = stored[position]
        code = self.tax[2]
        detail = {
            "ItemRef": {"value": item["Id"]},
            "Qty": 10,
            "UnitPrice": item["PurchaseCost"],
            "TaxCodeRef": {"value": code},
        }
        line = {
            "DetailType": "ItemBasedExpenseLineDetail",
            "Amount": item["PurchaseCost"] * 10,
            "ItemBasedExpenseLineDetail": detail,
        }
        ref = {"value": vendor["Id"]}
        order = self.add(
            "PurchaseOrder",
            VendorRef=ref,
            DocNumber=f"P-{200 + position}",
            TxnDate=add_days(self.day, -20),
            Line=[line],
        )
        if position == 0:
            link = {"TxnId": order["Id"], "TxnType": "PurchaseOrder"}
            self.add(
                "Bill",
                VendorRef=ref,
                DocNumber="G-778",
                LinkedTxn=[link],
                TxnDate=add_days(self.day, -10),
                Line=[{**line, "LinkedTxn": [{**link, "TxnLineId": "1"}]}],
            )


def tax_ids(company):
    """(code of sales lines, code of the document, code of purchase lines)."""
    if company.kind == "us":
        return "TAX", company.named(("TaxCode",), "California")[1], "NON"
    first = company.every("TaxCode")[0]["Id"]
    return first, None, first
