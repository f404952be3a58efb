# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company for random orders: taxes, positions and currencies; orders made in it."""

from contextlib import contextmanager

from odoo import Command

from .random_orders import UNITS

# Mails, followers and transfers don't change an amount.
FAST = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "skip_procurement": True,
}
# Currencies without and with three decimals, and what one of them is worth.
RARE = {"JPY": 0.0067, "KWD": 3.25}


class RandomCompany:
    """A mixin for `SaleCase`.

    choices: the taxes a line may have: ([percent, …], tax code, as a group?); outside
    the US the last one is another than the first.
    """

    choices = ()
    currencies = ()

    # --------------------------------------------------------------- company
    def setUp(self):
        super().setUp()
        self.env = self.env(context={**self.env.context, **FAST})
        self.us = self.backend._is_us()
        self.one_tax = self.us and not self.backend.automated_tax
        self.work.uom_id = self.env.ref("uom.product_uom_hour")
        self.taxes_out, self.taxes_in = (
            [self.tax_choice(*choice, included) for choice in self.choices]
            for included in (False, True)
        )
        for product in (self.desk, self.lamp, self.wire, self.work, self.parcel):
            product.taxes_id = self.taxes_out[0]
        self.positions = {"": self.env["account.fiscal.position"]}
        for name in ("exempt", "other"):
            self.positions[name] = self.position(name)
        self.pricelists = {code: self.pricelist_in(code) for code in self.currencies}
        self.make_known()

    def tax_choice(self, percents, code, group, included):
        """One tax, several, or a group of several, mapped to a tax code."""
        how = {"price_include_override": "tax_included"} if included else {}
        word = " incl" if included else ""
        taxes = self.env["account.tax"].union(
            *(
                self.new_tax(f"{code} {one} {group}{word}", one, **how)
                for one in percents
            )
        )
        whole = taxes
        if len(taxes) > 1:
            children = {"children_tax_ids": [Command.set(taxes.ids)]}
            name = f"{code} {group}{word}"
            whole = self.new_tax(name, 0, amount_type="group", **children, **how)
        if not self.backend.automated_tax:
            self.map_tax(whole, code)
        return whole if group else taxes

    def position(self, name):
        """One that takes taxes off, or puts another in the place of the first."""
        position = self.env["account.fiscal.position"].create(
            {"name": name, "company_id": self.company.id}
        )
        if name == "other":
            self.taxes_out[-2].write(
                {
                    "fiscal_position_ids": [Command.set(position.ids)],
                    "original_tax_ids": [Command.set(self.taxes_out[0].ids)],
                }
            )
        return position

    def pricelist_in(self, code):
        """Currencies that QuickBooks doesn't have from the start are added there."""
        if code in RARE:
            name = f"random-{code}"
            self.client().create("CompanyCurrency", {"Code": code}, name)
        home = code == self.company.currency_id.name
        return self.pricelist(code, 1 if home else RARE.get(code, 1.25))

    def make_known(self):
        """Customers and Items are in QuickBooks before the orders are."""
        self.backend.total_policy = "line"
        products = (self.desk, self.lamp, self.wire, self.work, self.parcel)
        for pricelist in self.pricelists.values():
            lines = [self.line(one, taxes=[]) for one in products]
            order = self.order(*lines, pricelist_id=pricelist.id)
            if not self.company.sale_discount_product_id:
                self.give_discount(order, "amount", 1)
            link = self.confirm(order)
            self.assertEqual(link.state, "synced", link.error)

    @contextmanager
    def jobs(self):
        """Caches stay, but those of what a push writes: most of an order is reading."""
        with self.queued() as trap:
            yield trap
            self.perform(trap)
        self.env["qbo.binding"].invalidate_model()

    def links(self, records):
        return self.env["qbo.binding"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )

    # ---------------------------------------------------------------- orders
    def use(self, policies):
        self.backend.write(
            {
                "total_policy": policies.total_policy,
                "discount_mode": policies.discount_mode,
                "shipping_mode": policies.shipping_mode,
                "us_tax_mode": policies.us_tax_mode,
            }
        )
        self.company.tax_calculation_rounding_method = (
            "round_per_line" if policies.per_line else "round_globally"
        )

    def build(self, specs):
        orders = self.env["sale.order"].create(
            [self.order_values(spec) for spec in specs]
        )
        for spec, order in zip(specs, orders, strict=True):
            kind, much = spec.discount
            if kind and order.amount_total > 0:
                self.give_discount(order, kind, much)
        return orders

    def order_values(self, spec):
        lines = [self.random_line(spec, line) for line in spec.lines]
        if spec.shipping:
            lines.append(self.shipping(spec))
        return {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "order_line": lines,
            "pricelist_id": self.pricelists[self.currency_of(spec)].id,
            "fiscal_position_id": self.positions[spec.position].id,
        }

    def line(self, product=None, **values):
        """What has nothing to do with amounts is given: Odoo need not find it."""
        rest = {"name": "Line", "analytic_distribution": False, "customer_lead": 0}
        return super().line(product, **rest, **values)

    def random_line(self, spec, line):
        units = UNITS[line.product]
        unit = units[line.unit % len(units)]
        included = {"no": False, "yes": True}.get(spec.included, line.included)
        command = self.line(
            getattr(self, line.product),
            qty=line.qty,
            price=line.price,
            discount=line.discount,
            taxes=self.line_taxes(spec, line.tax, included),
            product_uom_id=self.env.ref(f"uom.product_uom_{unit}").id,
        )
        return self.positioned(spec, command)

    def shipping(self, spec):
        command = self.line(
            self.parcel,
            price=spec.shipping,
            taxes=self.line_taxes(spec, spec.tax, spec.included == "yes"),
            is_delivery=True,
        )
        return self.positioned(spec, command)

    def positioned(self, spec, command):
        """With a fiscal position, the taxes are Odoo's to find."""
        if spec.position:
            command[2].pop("tax_ids")
        return command

    def line_taxes(self, spec, number, included):
        """The taxes of a line; in the US one kind for all lines, or none."""
        taxes = self.taxes_in if included else self.taxes_out
        none = self.env["account.tax"]
        if not self.one_tax:
            return [*taxes, none][number % (len(taxes) + 1)]
        zero, own = taxes[-1], taxes[spec.tax % (len(taxes) - 1)]
        return (own, own, own, none, zero)[number % 5]

    def give_discount(self, order, kind, much):
        """With Odoo's own wizard; much: an amount, or percent."""
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": kind,
                "discount_percentage": 0 if kind == "amount" else much / 100,
                "discount_amount": much if kind == "amount" else 0,
            }
        ).action_apply_discount()

    def change(self, order, change):
        line = order.order_line[change.line % len(order.order_line)]
        line.write({"product_uom_qty": change.qty, "price_unit": change.price})

    def currency_of(self, spec):
        """The company's own in half of all orders."""
        return self.currencies[max(spec.currency - 3, 0) % len(self.currencies)]
