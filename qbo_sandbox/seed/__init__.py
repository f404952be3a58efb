"""New companies: lists every company has, and sample documents if wanted."""

from ..company import Company
from ..values import stamp
from .accounts import add_account, chart
from .company import company_info, preferences
from .taxes import seed_taxes

TERMS = [
    ("Due on receipt", 0),
    ("Net 10", 10),
    ("Net 15", 15),
    ("Net 30", 30),
    ("Net 60", 60),
]
METHODS = [
    ("Cash", "NON_CREDIT_CARD"),
    ("Check", "NON_CREDIT_CARD"),
    ("Visa", "CREDIT_CARD"),
    ("MasterCard", "CREDIT_CARD"),
    ("Bank transfer", "NON_CREDIT_CARD"),
]
CLASSES = ("Retail", "Wholesale", "Online")
DEPARTMENTS = ("Main Street", "Warehouse")
CURRENCIES = {
    "us": [("CAD", "0.73"), ("EUR", "1.09"), ("GBP", "1.27")],
    "ca": [("USD", "1.38"), ("EUR", "1.49")],
    "uk": [("EUR", "0.85"), ("USD", "0.79")],
}
OPTIONS = {
    "offering": "plus",
    "multicurrency": False,
    "ast": None,
    "sample": False,
    "custom_numbers": True,
}
FIRST_REALM = 9341450000000001


def found_company(app, kind="us", name=None, realm_id=None, **options):
    """Write a new company; ValueError for an unknown kind or option."""
    strange = set(options) - set(OPTIONS)
    if kind not in ("us", "ca", "uk") or strange:
        raise ValueError(f"unknown company kind or option: {kind} {sorted(strange)}")
    options = {**OPTIONS, **options}
    count = app.store.one("SELECT COUNT(*) FROM companies")[0]
    realm = str(realm_id or FIRST_REALM + count)
    if realm in app.companies:
        raise ValueError(f"there is a company {realm} already")
    name = name or f"Sandbox Company {kind.upper()}" + (
        f" {count + 1}" if count else ""
    )
    app.store.run("INSERT INTO companies VALUES (?,?,?,?)", realm, name, kind, count)
    company = Company(app, realm, name, kind)
    app.companies[realm] = company
    Seeder(company, options).run()
    return company


class Seeder:
    """Writes the lists of one new company."""

    def __init__(self, company, options):
        self.company, self.options = company, options

    def run(self):
        """Everything, in an order in which references exist."""
        company, options = self.company, self.options
        info = company_info(company.name, company.kind, options["offering"])
        self.put("CompanyInfo", info, "1")
        self.put("Preferences", preferences(company.kind, company.home, options), "1")
        for oid, name, subtype in chart(company.kind):
            add_account(company, name, subtype, oid=oid)
        seed_taxes(company, self.add, options["ast"])
        self.lists()
        if options["multicurrency"]:
            self.currencies()
        if options["sample"]:
            from .sample import seed_sample

            seed_sample(company, options)

    def lists(self):
        """Terms, payment methods, classes, locations, customer types."""
        for name, days in TERMS:
            self.add(
                "Term",
                {
                    "Name": name,
                    "DueDays": days,
                    "Type": "STANDARD",
                    "Active": True,
                    "DiscountPercent": 0,
                },
            )
        for name, kind in METHODS:
            self.add("PaymentMethod", {"Name": name, "Type": kind, "Active": True})
        for name in CLASSES:
            self.add(
                "Class",
                {
                    "Name": name,
                    "SubClass": False,
                    "Active": True,
                    "FullyQualifiedName": name,
                },
            )
        for name in DEPARTMENTS:
            self.add(
                "Department",
                {
                    "Name": name,
                    "SubDepartment": False,
                    "Active": True,
                    "FullyQualifiedName": name,
                },
            )
        for name in ("Business", "Consumer"):
            self.add("CustomerType", {"Name": name, "Active": True})

    def currencies(self):
        """Company currencies with a rate since the beginning of last year."""
        from ..rules.currency import NAMES
        from ..values import dec

        for code, rate in CURRENCIES[self.company.kind]:
            self.add(
                "CompanyCurrency", {"Code": code, "Name": NAMES[code], "Active": True}
            )
            self.add(
                "ExchangeRate",
                {
                    "SourceCurrencyCode": code,
                    "TargetCurrencyCode": self.company.home,
                    "Rate": dec(rate),
                    "AsOfDate": "2025-01-01",
                },
            )

    def add(self, entity, body):
        """Put a list object with the next id; returns the id."""
        return self.put(entity, body, self.company.next_id(entity))

    def put(self, entity, body, oid):
        """Put an object as it is."""
        now = stamp(self.company.now())
        meta = {"CreateTime": now, "LastUpdatedTime": now}
        doc = {
            **body,
            "domain": "QBO",
            "sparse": False,
            "Id": oid,
            "SyncToken": "0",
            "MetaData": meta,
        }
        self.company.put(entity, doc, operation=None)
        return oid
