# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the comparison itself.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo import marks
from ..qbo.errors import Blocked, QboError
from ..qbo.money import D, number_text
from .qbo_backend_pull import CHANNEL

ADJUSTMENT = "InventoryAdjustment"
PRIORITY = 20


class QboBackend(models.Model):
    """Correcting QuickBooks' quantities where it has no inventory adjustments.

    They exist in the US, in Plus and Advanced. Elsewhere a quantity is corrected by
    writing it into the item: QuickBooks books the difference, to an account it
    chooses itself.
    """

    _inherit = "qbo.backend"

    stock_correct_by = fields.Selection(
        [
            ("adjustment", "Inventory adjustments, with the account below"),
            ("quantity", "The quantity of each item; QuickBooks chooses the account"),
        ],
        "QuickBooks is corrected by",
        default="adjustment",
        required=True,
        help="Inventory adjustments exist in QuickBooks Plus and Advanced in the US. "
        "Elsewhere the quantity on hand of each item is set, one after the other.",
    )

    def write(self, vals):
        """What is stuck as an adjustment would be waited for otherwise."""
        result = super().write(vals)
        if vals.get("stock_correct_by") == "quantity":
            # The setting's writer was checked; adjustments are the connector's.
            self.env["qbo.stock.adjustment"].sudo()._give_up(self)
        return result

    def _check_adjustments(self):
        """:raise Blocked: if QuickBooks has no inventory adjustments there"""
        if not self._is_us():
            raise self._no_adjustments()

    def _no_adjustments(self):
        return Blocked(
            "stock_correct_by",
            self.env._("This QuickBooks company has no inventory adjustments."),
            self.env._(
                "On the connection, under “QuickBooks is corrected by”, choose the "
                "quantity of each item, then compare again."
            ),
            "adjustment",
        )

    def _poll_entities(self):
        """What doesn't exist there can't be asked for."""
        return [one for one in super()._poll_entities() if self._exists(one)]

    def _stock_movers(self):
        return [one for one in super()._stock_movers() if self._exists(one)]

    def _exists(self, entity):
        return entity != ADJUSTMENT or self.stock_correct_by == "adjustment"

    def _setup_checks(self):
        theirs = self.pull_stock and self.stock_master != "quickbooks"
        refused = theirs and self._exists(ADJUSTMENT) and not self._is_us()
        text = self._no_adjustments()
        return [
            *super()._setup_checks(),
            ("sync", not refused, f"{text.reason} {text.fix}"),
        ]

    # ------------------------------------------------------------ quantities
    def _job_set_quantity(self, line_id):
        """Write Odoo's quantity into one item, if nothing has moved meanwhile.

        :raise RetryableJobError: when QuickBooks is waited for
        """
        # In a job of the connector, with an id of its own.
        line = self.env["qbo.stock.line"].sudo().browse(line_id).exists()
        if not line or line.state != "waiting" or not self._is_connected():
            return
        with self._as_job():
            client = self._client()
            item = client.read("Item", line.qbo_id)
            wanted = D(number_text(D(line._quantity_for_qbo())))
            theirs = D(item.get("QtyOnHand") or 0)
            if theirs == wanted:  # an earlier try has got through
                line.unlink()
            elif theirs == D(number_text(D(line.qbo_quantity))):
                line._set_quantity(client, item, wanted)
            else:
                reason = self.env._("It has changed meanwhile: compare again.")
                line.write({"state": "differs", "reason": reason})


class QboStockLine(models.Model):
    _inherit = "qbo.stock.line"

    def _quantity_for_qbo(self):
        return self.qbo_quantity + self._missing_in_qbo()

    def _send(self):
        """As the connection says; the lines wait for it."""
        if self.backend_id.stock_correct_by == "adjustment":
            return super()._send()
        self.write({"state": "waiting", "reason": self.env._("Sent to QuickBooks.")})
        self.flush_recordset()
        for line in self:
            # A job of the connector; who queues it is checked before.
            line.backend_id.sudo().with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                max_retries=0,
                identity_key=f"qbo.quantity:{line.id}",
                description=f"QuickBooks: quantity of {line.product_id.display_name}",
            )._job_set_quantity(line.id)
        return len(self)

    def _set_quantity(self, client, item, wanted):
        """One write; what QuickBooks refuses stands on the line with the reason.

        On an update, InvStartDate is the date of the adjustment.
        """
        body = {
            "Id": item["Id"],
            "SyncToken": item["SyncToken"],
            "QtyOnHand": wanted,
            "InvStartDate": fields.Date.context_today(self).isoformat(),
        }
        try:
            answer = client.update("Item", body, self._request_id(item, wanted))
        except QboError as error:
            if error.kind in ("wait", "reconnect"):
                raise
            reason = self.backend_id._error_text(error)
            self.write({"state": "refused", "reason": reason})
            return
        self._learn_version(item, answer)
        self.unlink()

    def _request_id(self, item, wanted):
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        realm = self.backend_id.realm_id
        what = ("Item", item["Id"], item["SyncToken"], wanted)
        return marks.request_id(database, realm, self._name, *what)

    def _learn_version(self, item, answer):
        """The product's link knows the new version, unless it has missed one."""
        link = self.env["qbo.binding"]._of(self.backend_id, self.product_id, "Item")
        if link.sync_token == item["SyncToken"]:
            link.sync_token = answer["SyncToken"]


class QboStockAdjustment(models.Model):
    _inherit = "qbo.stock.adjustment"

    def _give_up(self, backends):
        """The next comparison corrects what these adjustments couldn't."""
        self.env["qbo.binding"].search(
            [
                ("backend_id", "in", backends.ids),
                ("entity", "=", ADJUSTMENT),
                ("state", "=", "blocked"),
                ("qbo_id", "=", False),
            ]
        ).write({"state": "gone", "error": False, "fix": False})

    def _qbo_check_due(self, backend, entity):
        result = super()._qbo_check_due(backend, entity)
        backend._check_adjustments()
        return result

    def _qbo_on_fault(self, backend, entity, fault, body):
        """A plan without them refuses the operation as such.

        :raise Blocked: with what to do instead
        """
        if fault.code in ("500", "5030"):
            raise backend._no_adjustments() from fault
        return super()._qbo_on_fault(backend, entity, fault, body)
