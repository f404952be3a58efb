# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..qbo import changes, queries
from .qbo_backend_pull import CHANNEL, _aware
from .qbo_guarded import MANAGER
from .qbo_stock_compare import StockCompare

PAGE = 1000
PRIORITY = 20
# What is told of in between: documents that move stock, and the items themselves.
# Goods on an expense or a check (Purchase) are seen by the daily comparison.
MOVERS = (
    "Item",
    "Invoice",
    "SalesReceipt",
    "CreditMemo",
    "RefundReceipt",
    "Bill",
    "VendorCredit",
    "InventoryAdjustment",
)
CURSOR = "QtyOnHand"
JOB = "qbo_connector.cron_pull_inventory"
FULL_EVERY = timedelta(hours=24)
INVENTORY = [queries.eq("Type", "Inventory")]


class QboBackend(models.Model):
    """Stock: compared with QuickBooks, and evened out one way or the other."""

    _inherit = "qbo.backend"

    stock_master = fields.Selection(
        [
            ("quickbooks", "QuickBooks: take over its quantities"),
            ("odoo", "Odoo: correct QuickBooks' quantities"),
            ("compare", "Neither: only compare"),
        ],
        "Quantities are kept in",
        default="quickbooks",
        required=True,
        help="Only differences are corrected, and only of linked products without "
        "lots or serial numbers.",
    )
    stock_keep_undelivered = fields.Boolean(
        "Invoiced goods stay until they are delivered",
        default=True,
        help="QuickBooks takes goods off its stock with the invoice, Odoo with the "
        "delivery. Set, quantities from QuickBooks are taken over plus what is "
        "invoiced and not delivered yet. Not set, they leave Odoo's stock with the "
        "invoice, and once more with the delivery, until the next comparison.",
    )
    adjustment_account_id = fields.Many2one(
        "qbo.reference",
        "Adjustment account",
        domain="[('backend_id', '=', id), ('entity', '=', 'Account')]",
        ondelete="restrict",
        copy=False,
        help="Where QuickBooks books corrections of quantities, such as Inventory "
        "Shrinkage.",
    )
    stock_pulled = fields.Datetime(
        "Last stock comparison", readonly=True, copy=False, help="UTC."
    )
    stock_compared_all = fields.Datetime(
        "Last comparison of all", readonly=True, copy=False, help="UTC."
    )
    stock_result = fields.Char("Result", readonly=True, copy=False)
    stock_line_ids = fields.One2many(
        "qbo.stock.line", "backend_id", readonly=True, groups=MANAGER
    )

    @api.model
    def _cron_pull_inventory(self):
        """Queue a comparison for each connected backend that wants it."""
        domain = [("state", "=", "connected"), ("pull_stock", "=", True)]
        self.search(domain)._enqueue_stock_pull()

    def _scheduled(self):
        jobs = {JOB: (self.action_pull_inventory, self.pull_stock)}
        return {**super()._scheduled(), **jobs}

    def action_pull_inventory(self):
        """Compare all now, and even out as the settings say.

        :raise UserError: if no location is chosen
        """
        self._qbo_check_role("write", MANAGER)
        for backend in self:
            if not backend.stock_location_id:
                raise UserError(
                    self.env._("Choose the stock location of %s first.", backend.name)
                )
        self._enqueue_stock_pull(full=True)
        return True

    def _enqueue_stock_pull(self, full=False, **more):
        for backend in self.filtered("stock_location_id"):
            # A job of the connector; who queues it is checked before.
            backend.sudo().with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                identity_key=f"qbo.stock:{backend.id}:{more}",
                description=f"QuickBooks: inventory of {backend.name}",
            )._job_pull_stock(full=full, **more)

    def _job_pull_stock(self, start=1, adjusted=0, full=False, left=None):
        """Compare what may have changed; all of it once a day, page by page.

        In between one read tells which items had a document: if none, that was
        it. An item on a line that was taken off its document is seen by the daily
        comparison.

        :param int start: STARTPOSITION, from 1
        :param int adjusted: products evened out by the pages before
        :param int left: linked products that no page has had so far; once there are
            none, a further page would be a read for nothing
        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        with self._noted(JOB) as said:
            said += self._pull_stock(start, adjusted, full, left)

    def _pull_stock(self, start, adjusted, full, left):
        """Return what came of it; [] if another job goes on."""
        # Up to when was read: the connector's own row.
        cursor = self.env["qbo.cursor"].sudo()._of(self, [CURSOR])
        if start == 1 and not full and self._stock_is_fresh(cursor):
            return self._pull_moved(cursor)
        if start == 1:
            cursor.since = fields.Datetime.now()
            self.stock_compared_all = fields.Datetime.now()
        with self._as_job():
            items = self._client().query(
                queries.select("Item", INVENTORY, "Id", start, PAGE)
            )
        compare = StockCompare(self)
        adjusted += compare.run(items)
        left = (self._stock_linked() if left is None else left) - compare.compared
        if len(items) == PAGE and left > 0:
            self._enqueue_stock_pull(start=start + PAGE, adjusted=adjusted, left=left)
            return []
        return [self._stock_done(adjusted)]

    def _stock_linked(self):
        """How many products with a quantity are linked."""
        # Only counted.
        products = self.env["product.product"].sudo().with_context(active_test=False)
        return self.env["qbo.binding"].search_count(
            [
                ("backend_id", "=", self.id),
                ("entity", "=", "Item"),
                ("res_model", "=", "product.product"),
                ("qbo_id", "!=", False),
                ("res_id", "in", products._search([("is_storable", "=", True)])),
            ]
        )

    def _stock_is_fresh(self, cursor):
        last = self.stock_compared_all
        recent = last and last > fields.Datetime.now() - FULL_EVERY
        return recent and not cursor._too_old()

    def _pull_moved(self, cursor):
        """Only the items that had a document since the last time."""
        with self._as_job():
            found = self._client().cdc(self._stock_movers(), _aware(cursor._start()))
            objects = [one for rows in found.values() for one in rows]
            if found.truncated or any(map(changes.is_deleted, objects)):
                # What a deleted document had on its lines can't be read any more.
                self._enqueue_stock_pull(full=True)
                return []
            items = self._read_items(_item_ids(found))
        adjusted = StockCompare(self).run(items)
        result = self._stock_done(adjusted)
        cursor._move(changes.moment(found.time), result)
        return [result]

    def _read_items(self, ids):
        items = []
        for some in changes.slices(sorted(ids)):
            where = [*INVENTORY, queries.in_("Id", some)]
            items += self._client().query(queries.select("Item", where, limit=PAGE))
        return items

    def _stock_movers(self):
        """What CDC is asked for, to learn which items may have moved."""
        return list(MOVERS)

    def _stock_counts_open(self):
        """Whether goods invoiced and not delivered count as a difference."""
        return self.stock_master != "quickbooks" or self.stock_keep_undelivered

    def _stock_done(self, adjusted):
        result = self.env._("%s products adjusted", adjusted)
        self.write({"stock_pulled": fields.Datetime.now(), "stock_result": result})
        return result

    def action_open_stock(self):
        """Open the list of differences."""
        self._qbo_check_role("read", MANAGER)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_stock_line_action"
        )
        action["domain"] = [("backend_id", "in", self.ids)]
        return action


def _item_ids(found):
    """Ids of the items themselves, and of those on documents' lines."""
    ids = {item["Id"] for item in found.get("Item", [])}
    for rows in found.values():
        for document in rows:
            for line in document.get("Line", []):
                ids |= set(_on_line(line))
    return ids


def _on_line(line):
    for detail in line.values():
        if not isinstance(detail, dict):
            continue
        if (detail.get("ItemRef") or {}).get("value", "").isdigit():
            yield detail["ItemRef"]["value"]
        for inner in detail.get("Line", []):  # a bundle's parts
            yield from _on_line(inner)
