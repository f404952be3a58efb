"""TaxService: the only way to make tax codes and rates through the API."""

from ..catalog.fields import parse
from ..errors import Fault, business, required
from ..validation import Cleaner
from ..values import stamp

FIELDS = parse(
    "TaxCode:s100! TaxCodeId:s= TaxRateDetails:@TaxRateDetails[]! Id:s "
    "sparse:b domain:s SyncToken:s"
)


def create(company, body):
    """``POST taxservice/taxcode``; returns the bare object with the new ids."""
    sent = Cleaner(company).clean(FIELDS, body)
    for name in ("TaxCode", "TaxRateDetails"):
        if not sent.get(name):
            raise required(name)
    if company.named(("TaxCode",), sent["TaxCode"]):
        raise Fault(6240, "The name supplied already exists.", "TaxCode")
    details = [rate(company, one) for one in sent["TaxRateDetails"]]
    ids = [one["TaxRateId"] for one in details]
    if len(set(ids)) < len(ids):
        raise business("A tax rate can be used only once in a tax code.")
    oid = put(company, "TaxCode", code(sent["TaxCode"], details))
    return {"TaxCode": sent["TaxCode"], "TaxCodeId": oid, "TaxRateDetails": details}


def rate(company, sent):
    """One rate: an existing one by id, or a new one of an agency."""
    side = sent.setdefault("TaxApplicableOn", "Sales")
    if sent.get("TaxRateId"):
        found = company.get("TaxRate", sent["TaxRateId"])
        if found is None:
            raise Fault(
                2500, f"Invalid Reference Id : TaxRate {sent['TaxRateId']}", "TaxRateId"
            )
        return {
            "TaxRateName": found["Name"],
            "TaxRateId": found["Id"],
            "RateValue": float(found["RateValue"]),
            "TaxApplicableOn": side,
            "TaxAgencyId": found["AgencyRef"]["value"],
        }
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if sent.get(name) is None:
            raise required(name)
    return new_rate(company, sent, side)


def new_rate(company, sent, side):
    """Check and store a new TaxRate."""
    if not 0 <= sent["RateValue"] <= 100:
        raise Fault(
            2150,
            "RateValue is between 0 and 100",
            "RateValue",
            message="Invalid Percent",
        )
    if company.get("TaxAgency", sent["TaxAgencyId"]) is None:
        raise Fault(
            2500,
            f"Invalid Reference Id : TaxAgency {sent['TaxAgencyId']}",
            "TaxAgencyId",
        )
    name = sent["TaxRateName"]
    if company.named(("TaxRate",), name):
        raise Fault(6240, "The name supplied already exists.", "TaxRateName")
    oid = put(
        company,
        "TaxRate",
        {
            "Name": name,
            "Description": name,
            "Active": True,
            "RateValue": sent["RateValue"],
            "AgencyRef": {"value": sent["TaxAgencyId"]},
            "SpecialTaxType": "NONE",
            "DisplayType": "ReadOnly",
        },
    )
    return {
        "TaxRateName": name,
        "TaxRateId": oid,
        "RateValue": float(sent["RateValue"]),
        "TaxAgencyId": sent["TaxAgencyId"],
        "TaxApplicableOn": side,
    }


def code(name, details):
    """The TaxCode object of its rates."""
    lists = {"Sales": [], "Purchase": []}
    for order, one in enumerate(details):
        side = "Purchase" if one["TaxApplicableOn"] == "Purchase" else "Sales"
        lists[side].append(
            {
                "TaxRateRef": {"value": one["TaxRateId"], "name": one["TaxRateName"]},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": order,
            }
        )
    return {
        "Name": name,
        "Description": name,
        "Active": True,
        "Taxable": True,
        "TaxGroup": True,
        "Hidden": False,
        "SalesTaxRateList": {"TaxRateDetail": lists["Sales"]},
        "PurchaseTaxRateList": {"TaxRateDetail": lists["Purchase"]},
    }


def put(company, entity, body):
    """Store a new tax object; returns its id."""
    now = stamp(company.now())
    oid = company.next_id(entity)
    company.put(
        entity,
        {
            **body,
            "Id": oid,
            "SyncToken": "0",
            "domain": "QBO",
            "sparse": False,
            "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
        },
    )
    return oid
