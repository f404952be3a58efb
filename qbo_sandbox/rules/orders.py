"""Bills made from purchase orders: links both ways, the order closes when billed."""

from ..errors import Fault, required
from ..values import dec


def linked_orders(doc):
    """{purchase order id} a bill names in its head or its lines."""
    links = list(doc.get("LinkedTxn", []))
    links += [one for line in doc.get("Line", []) for one in line.get("LinkedTxn", [])]
    return {one["TxnId"] for one in links if one.get("TxnType") == "PurchaseOrder"}


def bill_orders(change):
    """Check the links of a bill and bring its orders up to date."""
    for line in change.doc["Line"]:
        for link in line.get("LinkedTxn", []):
            check(change, link)
    now, before = linked_orders(change.doc), linked_orders(change.old or {})
    for oid in sorted(now | before):
        refresh(change.company, oid, change.doc["Id"], oid in now)


def check(change, link):
    """A line's link names an existing line of an order of the same vendor."""
    if link.get("TxnType") != "PurchaseOrder":
        return
    if not link.get("TxnLineId"):
        raise required("TxnLineId")
    order = change.company.get("PurchaseOrder", link["TxnId"])
    lines = {line["Id"] for line in (order or {}).get("Line", [])}
    if order is None or order["VendorRef"] != change.doc["VendorRef"]:
        raise Fault(
            620, f"Purchase order {link['TxnId']} cannot be linked", "LinkedTxn"
        )
    if link["TxnLineId"] not in lines:
        raise Fault(620, f"No line {link['TxnLineId']} in the order", "TxnLineId")


def reopen_orders(change):
    """A deleted bill leaves its orders."""
    for oid in sorted(linked_orders(change.old)):
        refresh(change.company, oid, change.old["Id"], False)


def refresh(company, oid, bill, linked):
    """The order's links and status with this bill in or out."""
    order = company.get("PurchaseOrder", oid)
    if order is None:
        return
    link = {"TxnId": bill, "TxnType": "Bill"}
    links = [one for one in order.get("LinkedTxn", []) if one != link]
    order["LinkedTxn"] = links + [link] * linked
    if company.knob("po_closes"):
        order["POStatus"] = "Closed" if billed(company, order) else "Open"
    if not order["LinkedTxn"]:
        del order["LinkedTxn"]
    company.touch("PurchaseOrder", order)


def billed(company, order):
    """True if every line's quantity (or amount) stands on bills."""
    done = {}
    for link in order.get("LinkedTxn", []):
        bill = company.get("Bill", link["TxnId"]) or {}
        for line in bill.get("Line", []):
            for one in line.get("LinkedTxn", []):
                if one["TxnId"] == order["Id"]:
                    key = one.get("TxnLineId")
                    done[key] = done.get(key, 0) + measure(line)
    lines = [line for line in order["Line"] if "Amount" in line]
    return all(done.get(line["Id"], 0) >= measure(line) for line in lines)


def measure(line):
    """Quantity of a line, or its amount if it has none."""
    detail = line.get(line["DetailType"]) or {}
    return dec(detail.get("Qty") or line.get("Amount"))
