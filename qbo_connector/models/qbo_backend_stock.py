# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..qbo import queries

PAGE = 1000


class QboBackend(models.Model):
    """Stock from QuickBooks: quantities on hand, only differences."""

    _inherit = "qbo.backend"

    stock_pulled = fields.Datetime(
        "Last stock pull", readonly=True, copy=False, help="UTC."
    )
    stock_result = fields.Char("Result", readonly=True, copy=False)

    @api.model
    def _cron_pull_inventory(self):
        """Queue a pull for each connected backend that wants it."""
        domain = [("state", "=", "connected"), ("pull_stock", "=", True)]
        self.search(domain)._enqueue_stock_pull()

    def action_pull_inventory(self):
        """Pull now.

        :raise UserError: if no location is chosen
        """
        for backend in self:
            if not backend.stock_location_id:
                raise UserError(
                    self.env._("Choose the stock location of %s first.", backend.name)
                )
        self._enqueue_stock_pull()
        return True

    def _enqueue_stock_pull(self):
        for backend in self.filtered("stock_location_id"):
            backend.sudo().with_delay(
                channel="root.qbo",
                priority=20,
                identity_key=f"qbo.stock:{backend.id}",
                description=f"QuickBooks: inventory of {backend.name}",
            )._job_pull_stock()

    def _job_pull_stock(self, start=1, adjusted=0):
        """Take over one page of quantities; the next page is the next job.

        :param int start: STARTPOSITION, from 1
        :param int adjusted: products adjusted by the pages before
        """
        with self._as_job():
            items = self._client().query(
                queries.select(
                    "Item",
                    where=[queries.eq("Type", "Inventory")],
                    order="Id",
                    start=start,
                    limit=PAGE,
                )
            )
        adjusted += self._take_over_stock(items)
        if len(items) == PAGE:
            self.with_delay(channel="root.qbo", priority=20)._job_pull_stock(
                start + PAGE, adjusted
            )
            return
        self.write(
            {
                "stock_pulled": fields.Datetime.now(),
                "stock_result": self.env._("%s products adjusted", adjusted),
            }
        )

    def _take_over_stock(self, items):
        """Adjust the linked products whose quantity differs; return how many.

        Products tracked by lots or serial numbers are left alone: QuickBooks
        doesn't say which ones it has.
        """
        wanted = self._wanted_quantities(items)
        location = self.stock_location_id
        on_hand = self._quantities(list(wanted), location)
        changed = 0
        for product, quantity in wanted.items():
            digits = product.uom_id.rounding
            have = on_hand.get(product.id, 0.0)
            if float_compare(have, quantity, precision_rounding=digits):
                self._adjust(product, quantity, location)
                changed += 1
        return changed

    def _wanted_quantities(self, items):
        """{product: quantity on hand in QuickBooks} of the linked products."""
        quantities = {item["Id"]: float(item.get("QtyOnHand") or 0) for item in items}
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.id),
                ("entity", "=", "Item"),
                ("qbo_id", "in", list(quantities)),
            ]
        )
        products = self.env["product.product"].browse(links.mapped("res_id")).exists()
        by_id = {product.id: product for product in products}
        return {
            by_id[link.res_id]: quantities[link.qbo_id]
            for link in links
            if link.res_id in by_id
            and by_id[link.res_id].is_storable
            and by_id[link.res_id].tracking == "none"
        }

    def _quantities(self, products, location):
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", [product.id for product in products]),
                ("location_id", "=", location.id),
            ],
            ["product_id"],
            ["quantity:sum"],
        )
        return {product.id: quantity for product, quantity in groups}

    def _adjust(self, product, quantity, location):
        """An ordinary inventory adjustment, with its stock move."""
        self.env["stock.quant"].with_company(self.company_id).with_context(
            inventory_mode=True
        ).create(
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
        ).with_context(
            inventory_name=self.env._("QuickBooks inventory")
        ).action_apply_inventory()
