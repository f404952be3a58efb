# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of a sales form that brings QuickBooks to Odoo's tax and total."""

from ..qbo import payloads, totals
from ..qbo.errors import Blocked
from ..qbo.money import D, round_half_up

US_TAXABLE = "TAX"
ROUNDING_KEY = "rounding"


class SaleTax:
    """Tax codes, Odoo's tax or a rounding line; `SaleForm` has the lines."""

    def _us_tax(self):
        """One code and Odoo's tax, or QuickBooks' own computation.

        Automated tax finds the code itself, from the address; Odoo's total is
        spread over its rates.
        """
        code = "" if self.backend.automated_tax else self._us_code()
        taxable = any(one.code == US_TAXABLE for one in self.priced)
        if self.backend.us_tax_mode == "odoo" or not taxable:
            self._round_us(taxable)
        else:
            self._round_net()
        if not taxable:
            return {}
        if self.backend.us_tax_mode == "qbo":
            return payloads.us_tax(code)
        return payloads.us_tax(code, total=self._wanted_tax())

    def _round_us(self, taxable):
        """Lines may lose a third decimal: made up for by tax or line, or refused."""
        gap = self._wanted_tax() - round_half_up(self.figures.tax)
        policy = self.backend.total_policy
        if not gap or (policy == "tax" and taxable):
            return
        if policy != "line":
            raise self._gap_blocked(gap)
        self.rounding = gap

    def _round_net(self):
        """The tax is QuickBooks' own: what lines lose of a third decimal isn't."""
        net = totals.net(self._parts(), self.discount)
        gap = round_half_up(self.figures.untaxed) - net
        if gap and self.backend.total_policy != "line":
            raise self._gap_blocked(gap)
        self.rounding = gap

    def _us_code(self):
        """:raise Blocked: if the lines have different sales taxes"""
        taxed = [one.base for one in self.priced if one.code == US_TAXABLE]
        combinations = {base["tax_ids"] for base in taxed}
        codes = {taxes._qbo_tax_code(self.backend) for taxes in combinations}
        if len(codes) > 1:
            names = {name for taxes in combinations for name in taxes.mapped("name")}
            raise Blocked(
                "order_line",
                self.env._(
                    "The lines have different sales taxes: %s.",
                    ", ".join(sorted(names)),
                ),
                self.env._(
                    "A US document has one sales tax for all its lines. Use the same "
                    "tax on each taxed line, or split the order."
                ),
                "tax",
            )
        return codes.pop() if codes else ""

    def _wanted_tax(self):
        """The tax with which the form comes to Odoo's total."""
        return self.figures.total - totals.net(self._parts(), self.discount)

    def _world_tax(self):
        """QuickBooks computes from the lines' codes; a rounding gap by the policy."""
        lines, gap = self._predicted()
        if not gap:
            return payloads.global_tax()
        self._check_gap(gap, lines)
        policy = self.backend.total_policy
        corrected = totals.with_gap(lines, gap) if policy == "tax" else []
        if corrected:
            return payloads.global_tax(tax_lines=[_tax_line(one) for one in corrected])
        if policy == "line" and (self._round_line(gap) or self._round_without_field()):
            return payloads.global_tax()
        raise self._gap_blocked(gap)

    def _round_line(self, gap):
        """Put a gap on a rounding line; True if the form comes to the total then."""
        self.rounding = gap
        return not self._predicted()[1]

    def _round_without_field(self):
        """The discount field gives the rounding line a share, which may move a cent
        of tax; negative lines don't."""
        self.discounts, self.rounding = [], D(0)
        return self._round_line(self._predicted()[1])

    def _predicted(self):
        """(QuickBooks' tax lines, what is missing to Odoo's total)."""
        parts = self._parts()
        rates = self.backend._tax_rates({part.code for part in parts})
        lines = totals.taxes(parts, self.discount, rates)
        return lines, self._wanted_tax() - totals.total_tax(lines)

    def _check_gap(self, gap, lines):
        """:raise Blocked: if rounding doesn't explain it"""
        digits = self.document._qbo_currency_record().decimal_places
        if abs(gap) <= totals.rounding_bound(len(self.priced), len(lines), digits):
            return
        raise Blocked(
            "order_line",
            self.env._(
                "QuickBooks' tax codes come to %(theirs)s tax, Odoo's taxes to "
                "%(ours)s (%(names)s).",
                theirs=totals.total_tax(lines),
                ours=self._wanted_tax(),
                names=", ".join(self._tax_names()),
            ),
            self.env._(
                "That is more than rounding: choose tax codes of the same rates in "
                "QuickBooks → Configuration → Taxes, then retry."
            ),
            "tax",
        )

    def _gap_blocked(self, gap):
        return Blocked(
            "amount_total",
            self.env._(
                "QuickBooks would come to %(gap)s less than Odoo's total: it rounds "
                "lines to cents, and the tax of each rate once for the whole document.",
                gap=gap,
            ),
            self.env._(
                "Correct the document, or choose in QuickBooks → Configuration → "
                "Connection what is done about such differences; then retry."
            ),
            "total",
        )

    def _tax_names(self):
        taxes = self.env["account.tax"].union(
            *(one.base["tax_ids"] for one in self.priced)
        )
        return taxes.mapped("name")

    # ------------------------------------------------------------ rounding
    def _rounding_code(self):
        return self.env["account.tax"]._qbo_line_code(self.backend)

    def _rounding_line(self):
        product = self.backend._rounding_product()
        line = payloads.sales_line(
            item_id=product._qbo_ref(self.backend, "Item"),
            amount=self.rounding,
            qty=D(1),
            unit_price=self.rounding,
            description=product.name,
            tax_code_id=self._rounding_code(),
            class_id=self._class(self.env["account.analytic.account"]),
            texts=self.texts,
        )
        return {**line, "_key": ROUNDING_KEY}


def _tax_line(one):
    """A TaxLine that insists on an amount."""
    return {
        "Amount": one.amount,
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": one.rate_id},
            "PercentBased": True,
            "TaxPercent": one.percent,
            "NetAmountTaxable": round_half_up(one.base),
        },
    }
