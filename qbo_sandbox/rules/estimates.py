"""An estimate that became an invoice is closed."""

from ..errors import Fault


def close_estimates(change):
    """Link the invoice back and close each estimate it names (620 if it can't be)."""
    doc, company = change.doc, change.company
    for link in doc.get("LinkedTxn", []):
        if link.get("TxnType") != "Estimate":
            continue
        estimate = company.get("Estimate", link["TxnId"])
        if estimate is None or estimate["CustomerRef"] != doc["CustomerRef"]:
            raise Fault(
                620,
                f"Transaction cannot be linked : Estimate {link['TxnId']}",
                "LinkedTxn",
            )
        back = {"TxnId": doc["Id"], "TxnType": "Invoice"}
        if back in estimate.get("LinkedTxn", []):
            continue
        if estimate.get("LinkedTxn"):
            raise Fault(620, "The estimate is already invoiced", "LinkedTxn")
        estimate["LinkedTxn"] = [back]
        estimate["TxnStatus"] = "Closed"
        company.touch("Estimate", estimate)
