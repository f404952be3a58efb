"""Sales tax: which model a company has, and the document's tax."""

from . import us, world


def compute(change, form):
    """Set ``TxnTaxDetail`` of the document and return its total tax (Decimal)."""
    model = us if change.company.kind == "us" else world
    return model.compute(change, form)
