"""The kinds of companies that a walk may be in, and what there is in one."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """One kind of company.

    ``taxes``: QuickBooks' tax code → percent; ``foreign``: a second currency, and
    what one of it is worth at home.
    """

    books: dict
    country: str
    currency: str
    taxes: dict[str, float]
    foreign: tuple[str, float] | None = None


CALIFORNIA = {"California": 8}
KINDS = {
    "us": Kind({"kind": "us"}, "US", "USD", CALIFORNIA),
    "us_ast": Kind({"kind": "us", "ast": True}, "US", "USD", CALIFORNIA),
    "canada": Kind({"kind": "ca"}, "CA", "CAD", {"HST ON": 13, "GST": 5}),
    "uk": Kind({"kind": "uk"}, "GB", "GBP", {"20.0% S": 20, "5.0% R": 5}),
    "multicurrency": Kind(
        {"kind": "us", "multicurrency": True}, "US", "USD", CALIFORNIA, ("EUR", 1.25)
    ),
}
BILLING = ("order", "delivery", "invoice")


@dataclass
class Company:
    """Ids of what there is in Odoo, and the realm in QuickBooks."""

    kind: Kind
    realm: str
    id: int = 0
    backend: int = 0
    bank: int = 0
    customers: list[int] = field(default_factory=list)
    vendors: list[int] = field(default_factory=list)
    goods: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    taxes: list[int] = field(default_factory=list)
    bought_taxes: list[int] = field(default_factory=list)
    pricelists: list[int] = field(default_factory=list)

    @property
    def one_tax(self) -> bool:
        """Whether a document has one tax for all its lines (in the US)."""
        return self.kind.books["kind"] == "us"
