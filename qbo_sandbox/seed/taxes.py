"""Tax agencies, rates and codes of each company kind."""

META = {
    "CreateTime": "2014-12-08T14:00:00-08:00",
    "LastUpdatedTime": "2014-12-08T14:00:00-08:00",
}


def _pseudo(oid, taxable):
    return {
        "Name": oid,
        "Description": oid,
        "Active": True,
        "Hidden": False,
        "Taxable": taxable,
        "TaxGroup": False,
        "domain": "QBO",
        "sparse": False,
        "Id": oid,
        "SyncToken": "0",
        "MetaData": META,
    }


PSEUDO_CODES = [
    _pseudo("TAX", True),
    _pseudo("NON", False),
    {**_pseudo("CustomSalesTax", True), "TaxGroup": True},
]

# agency, [(code, description, sales rates, purchase rates)]; a rate: (name, percent)
US = (
    "Board of Equalization",
    [
        ("California", "California sales tax 8%", [("California", 8)], []),
        (
            "Tucson",
            "Tucson sales tax 9.1%",
            [("AZ State tax", "7.1"), ("Tucson City", 2)],
            [],
        ),
        ("Tax 15%", "Sales tax 15%", [("Tax 15%", 15)], []),
        ("Tax 6.25%", "Sales tax 6.25%", [("Tax 6.25%", "6.25")], []),
        ("Out of scope", "No sales tax due", [("Out of scope", 0)], []),
    ],
)
CA = (
    "Canada Revenue Agency",
    [
        ("HST ON", "HST Ontario 13%", [("HST ON", 13)], [("HST ON (ITC)", 13)]),
        ("GST", "GST 5%", [("GST", 5)], [("GST (ITC)", 5)]),
        (
            "GST/PST BC",
            "GST 5% and PST BC 7%",
            [("GST", 5), ("PST BC", 7)],
            [("GST (ITC)", 5), ("PST BC (purchases)", 7)],
        ),
        ("Exempt", "Exempt", [("GST/HST exempt", 0)], [("GST/HST (ITC) exempt", 0)]),
        (
            "Zero-rated",
            "Zero-rated",
            [("GST/HST zero", 0)],
            [("GST/HST (ITC) zero", 0)],
        ),
        (
            "Out of Scope",
            "Out of scope",
            [("Out of scope", 0)],
            [("Out of scope (purchases)", 0)],
        ),
    ],
)
UK = (
    "HM Revenue & Customs",
    [
        (
            "20.0% S",
            "Standard rate",
            [("20.0% S (sales)", 20)],
            [("20.0% S (pur)", 20)],
        ),
        ("5.0% R", "Reduced rate", [("5.0% R (sales)", 5)], [("5.0% R (pur)", 5)]),
        ("0.0% Z", "Zero rate", [("0.0% Z (sales)", 0)], [("0.0% Z (pur)", 0)]),
        ("Exempt", "Exempt", [("Exempt (sales)", 0)], [("Exempt (pur)", 0)]),
        ("No VAT", "Outside VAT", [("No VAT (sales)", 0)], [("No VAT (pur)", 0)]),
    ],
)
# What Automated Sales Tax knows: combined rates of states with nexus.
AST_STATES = {
    "CA": "8",
    "NY": "8.875",
    "TX": "8.25",
    "AZ": "9.1",
    "WA": "10.25",
    "FL": "7",
    "IL": "10.25",
    "MA": "6.25",
    "NV": "8.375",
}
SETS = {"us": US, "ca": CA, "uk": UK}


def seed_taxes(company, add, ast=False):
    """Write agency, rates and codes through ``add(entity, body)``."""
    agency, codes = SETS[company.kind]
    agency_id = add(
        "TaxAgency",
        {
            "DisplayName": agency,
            "TaxTrackedOnSales": True,
            "TaxTrackedOnPurchases": company.kind != "us",
        },
    )
    for code in PSEUDO_CODES[:2] if company.kind == "us" else []:
        company.put("TaxCode", dict(code), operation=None)
    for name, text, sales, purchases in codes:
        add_code(company, add, agency_id, (name, text, sales, purchases))
    if ast:
        for state, rate in AST_STATES.items():
            rates = [(f"{state} sales tax", rate)]
            add_code(
                company, add, agency_id, (f"AST {state}", f"{state} {rate}%", rates, [])
            )


def add_code(company, add, agency_id, code):
    """One TaxCode with its TaxRates (a rate of the same name is shared)."""
    name, text, sales, purchases = code
    lists = {}
    for side, rates in (("Sales", sales), ("Purchase", purchases)):
        details = [
            {
                "TaxRateRef": rate_ref(company, add, agency_id, rate),
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": order,
            }
            for order, rate in enumerate(rates)
        ]
        lists[f"{side}TaxRateList"] = {"TaxRateDetail": details}
    return add(
        "TaxCode",
        {
            "Name": name,
            "Description": text,
            "Active": True,
            "Taxable": any(float(rate) for _, rate in sales),
            "TaxGroup": True,
            "Hidden": False,
            **lists,
        },
    )


def rate_ref(company, add, agency_id, rate):
    """Reference to a TaxRate, made if it is new."""
    from ..values import dec

    name, percent = rate
    found = company.named(("TaxRate",), name)
    oid = (
        found[1]
        if found
        else add(
            "TaxRate",
            {
                "Name": name,
                "Description": name,
                "Active": True,
                "RateValue": dec(percent),
                "AgencyRef": {"value": agency_id},
                "SpecialTaxType": "NONE",
                "DisplayType": "ReadOnly",
            },
        )
    )
    return {"value": oid, "name": name}
