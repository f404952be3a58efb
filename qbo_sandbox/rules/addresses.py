"""Addresses on transactions: copied from the customer, rewritten on update."""


def complete(change, party):
    """Fill what wasn't sent on create; flatten what is sent on an update."""
    doc = change.doc
    if change.old is None:
        copy(doc, party or {})
    elif change.company.knob("address_rewrite"):
        for name in ("BillAddr", "ShipAddr"):
            if change.sent.get(name) and change.changed(name):
                doc[name] = flatten(doc[name], party or {})
    number(change)


def copy(doc, party):
    """BillAddr, ShipAddr and BillEmail of the customer."""
    for name in ("BillAddr", "ShipAddr"):
        if not doc.get(name) and party.get(name):
            doc[name] = {k: v for k, v in party[name].items() if k != "Id"}
    if not doc.get("BillEmail") and party.get("PrimaryEmailAddr"):
        doc["BillEmail"] = {"Address": party["PrimaryEmailAddr"]["Address"]}


def flatten(address, party):
    """Names in Line1 and 2, the rest moved down, the place in one line."""
    names = [party[f] for f in ("DisplayName", "CompanyName") if party.get(f)]
    place = ", ".join(
        p
        for p in (
            address.get("City"),
            " ".join(
                p
                for p in (
                    address.get("CountrySubDivisionCode"),
                    address.get("PostalCode"),
                )
                if p
            ),
        )
        if p
    )
    lines = [address[f"Line{n}"] for n in range(1, 6) if address.get(f"Line{n}")]
    if address.get("City") is None and address.get("PostalCode") is None:
        return address
    flat = (names + lines + ([place] if place else []))[:5]
    return {f"Line{n}": text for n, text in enumerate(flat, 1)}


def number(change):
    """Every address has an Id of its own."""
    for name in ("BillAddr", "ShipAddr"):
        address = change.doc.get(name)
        if address and not address.get("Id"):
            address["Id"] = change.company.next_id("address")
