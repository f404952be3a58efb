# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cost lines: what purchase orders, bills and vendor credits have in common."""

from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import api, models

from odoo.addons.qbo_connector.models.qbo_sale_tax import _tax_line
from odoo.addons.qbo_connector.qbo import totals
from odoo.addons.qbo_connector.qbo.errors import Blocked, QboError
from odoo.addons.qbo_connector.qbo.money import D, price_line, round_half_up
from odoo.addons.qbo_connector.qbo.payloads import global_tax

from .. import payloads

TAX_KEY = "tax"


@dataclass(frozen=True)
class Cost:
    """One line that costs something.

    quantity in the product's unit; amount net, in the document's currency; price:
    net, of the product's unit, or None; order_line: of the purchase order it comes
    from, an empty recordset if none; links: LinkedTxn of the line.
    """

    key: str
    product: object
    quantity: Decimal
    amount: Decimal
    description: str
    taxes: object
    order_line: object = ()
    analytic: object = None
    price: Decimal | None = None
    links: tuple = ()


def same_costs(ours, theirs):
    """Whether two lists of lines buy the same things for the same amounts."""
    return sorted(map(_essence, ours)) == sorted(map(_essence, theirs))


def _essence(line):
    detail = line.get(line["DetailType"]) or {}
    subject = detail.get("ItemRef") or detail.get("AccountRef") or {}
    return subject.get("value", ""), D(line.get("Amount") or 0)


class QboCost(models.AbstractModel):
    """Makes QuickBooks' lines of costs."""

    _name = "qbo.cost"
    _description = "Cost lines for QuickBooks"

    @api.model
    def _net_amounts(self, base_lines, company, currency):
        """Let Odoo's tax engine compute: whatever it rounds by, the sum is exact.

        :param list base_lines: as `_prepare_base_line_for_taxes_computation` has them
        :return: (net amounts in the same order, the tax of all): Decimals
        """
        engine = self.env["account.tax"]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        summary = engine._get_tax_totals_summary(base_lines, currency, company)
        digits = currency.decimal_places
        nets = [
            D(base["tax_details"]["total_excluded_currency"])
            + D(base["tax_details"]["delta_total_excluded_currency"])
            for base in base_lines
        ]
        tax = round_half_up(D(summary["tax_amount_currency"]), digits)
        return [round_half_up(net, digits) for net in nets], tax

    @api.model
    def _linked_to_orders(self, backend, costs):
        """Return the costs with their links to the lines of PurchaseOrders.

        :raise QboError: if an order has changed and its new lines aren't sent yet
        """
        orders = self.env["purchase.order"].union(
            *(cost.order_line.order_id for cost in costs if cost.order_line)
        )
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", orders._name),
                ("res_id", "in", orders.ids),
                ("qbo_id", "!=", False),
                ("state", "!=", "gone"),
            ]
        )
        by_order = {link.res_id: link for link in links}
        return [self._linked(cost, by_order) for cost in costs]

    def _linked(self, cost, by_order):
        link = cost.order_line and by_order.get(cost.order_line.order_id.id)
        if not link:
            return cost
        line_id = (link.line_ids or {}).get(str(cost.order_line.id))
        if not line_id and link.state == "pending":
            raise QboError(f"{link.name} is on its way", kind="wait")
        links = (payloads.order_link(link.qbo_id, line_id),) if line_id else ()
        return replace(cost, links=links)

    @api.model
    def _prepare_lines(self, backend, costs, texts, tax, customer=None):
        """Return item lines, account lines for costs, and in the US the tax.

        :param list costs: `Cost` rows
        :param Decimal tax: taxes of the whole document
        :param customer: partner to whom the goods are drop-shipped
        :raise Blocked: if an account or a tax isn't mapped
        """
        head = self._customer(backend, customer)
        lines = [self._line(backend, cost, texts, head) for cost in costs]
        if backend._is_us() and tax:
            lines.append(self._tax_line(backend, tax, texts))
        return lines

    def _customer(self, backend, customer):
        if not customer:
            return {}
        return {
            "customer_id": customer._qbo_ref(backend, "Customer"),
            "billable": backend.drop_ship_billable,
        }

    def _line(self, backend, cost, texts, head):
        common = {
            "description": cost.description,
            "tax_code_id": cost.taxes._qbo_purchase_code(backend),
            "class_id": backend._line_class(cost.analytic or []),
            "links": cost.links,
            "texts": texts,
            **head,
        }
        is_cost = not cost.product or cost.product._qbo_is_cost()
        line = (self._account_line if is_cost else self._item_line)(
            backend, cost, common
        )
        return {**line, "_key": cost.key}

    def _account_line(self, backend, cost, common):
        account = backend._account_ref("freight_account_id")
        return payloads.account_cost_line(
            account_id=account, amount=cost.amount, **common
        )

    def _item_line(self, backend, cost, common):
        priced = price_line(cost.quantity, cost.amount, cost.price)
        return payloads.item_cost_line(
            item_id=cost.product._qbo_ref(backend, "Item"),
            qty=priced.qty,
            unit_price=priced.unit_price,
            amount=priced.amount,
            **common,
        )

    def _tax_line(self, backend, tax, texts):
        line = payloads.account_cost_line(
            account_id=backend._account_ref("purchase_tax_account_id"),
            amount=tax,
            description=self.env._("Sales tax"),
            tax_code_id="NON",
            texts=texts,
        )
        return {**line, "_key": TAX_KEY}

    @api.model
    def _prepare_tax(self, backend, costs, tax):
        """Return the tax block: none in the US, where tax is a cost line.

        Elsewhere QuickBooks computes from the lines' codes, and rounds each rate
        once; where Odoo rounds each line, its tax is insisted on.

        :param Decimal tax: Odoo's
        :raise Blocked: if more than rounding lies between them
        """
        if backend._is_us():
            return {}
        codes = [cost.taxes._qbo_purchase_code(backend) for cost in costs]
        parts = [
            totals.Part(cost.amount, code)
            for cost, code in zip(costs, codes, strict=True)
        ]
        lines = totals.taxes(parts, D(0), backend._buying_rates(codes))
        gap = tax - totals.total_tax(lines)
        if not gap:
            return global_tax()
        if abs(gap) > totals.rounding_bound(len(parts), len(lines)):
            raise self._other_rates(lines, tax)
        corrected = totals.with_gap(lines, gap)
        return global_tax(tax_lines=[_tax_line(line) for line in corrected])

    @api.model
    def _correction(self, record, entity, body, answer):
        """Odoo's tax on QuickBooks' own tax lines, where rounding is between them.

        In the US there are none: tax is a cost line.
        """
        digits = record.currency_id.decimal_places
        total = record._qbo_total(entity)
        found = totals.corrected(answer, total, body["Line"], digits)
        return {"TxnTaxDetail": found} if found else None

    def _other_rates(self, lines, tax):
        return Blocked(
            "tax_ids",
            self.env._(
                "QuickBooks' tax codes come to %(theirs)s tax, Odoo's taxes to "
                "%(ours)s.",
                theirs=totals.total_tax(lines),
                ours=tax,
            ),
            self.env._(
                "That is more than rounding: choose tax codes of the same rates in "
                "QuickBooks → Configuration → Taxes, then retry."
            ),
            "tax",
        )
