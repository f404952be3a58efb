# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from .pull_common import PullCase
from .sale_common import SaleCase

D = Decimal


class WorldCase(PullCase, SaleCase):
    """Taxes that QuickBooks computes itself, and a bookkeeper who works on."""

    def knob(self, **values):
        self.qbo.admin("knobs", **values)
        self.addCleanup(self.qbo.admin, "knobs", **dict.fromkeys(values))

    def writes(self):
        return self.qbo.requests()[0]

    def pay(self, answer):
        link = {"TxnId": answer["Id"], "TxnType": "Invoice"}
        self.save(
            "Payment",
            CustomerRef=answer["CustomerRef"],
            TotalAmt=answer["TotalAmt"],
            Line=[{"Amount": answer["TotalAmt"], "LinkedTxn": [link]}],
        )

    def changed(self, order, answer):
        """The Invoice after a change of words in Odoo: equal in total."""
        with self.jobs():
            order.client_order_ref = "PO-9"
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        after = self.theirs("Invoice", answer["Id"])
        self.assert_total(order, after)
        self.assertEqual(after["CustomField"][0]["StringValue"], "PO-9")
        return after


class TestCorrection(WorldCase):
    """Canada: QuickBooks rounds otherwise than predicted, here on each line."""

    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca"}
    taxes = {"HST ON": 13, "GST": 5}

    def two_codes_less_ten_percent(self):
        """Odoo 1.80 and 0.67; on each line QuickBooks comes to 1.22, 0.59 and 0.67."""
        self.knob(tax_rounding="line")
        order = self.order(
            self.line(price=10.42),
            self.line(price=5),
            self.line(price=14.99, taxes=self.by_name["GST"]),
        )
        self.discount(order, percent=10)
        self.assertEqual(order.amount_tax, 2.47)
        return order

    def test_the_policy_is_applied_to_the_answer(self):
        order = self.two_codes_less_ten_percent()
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("2.47"))
        taxes = [line["Amount"] for line in answer["TxnTaxDetail"]["TaxLine"]]
        self.assertEqual(sorted(taxes), [D("0.67"), D("1.8")])
        before = self.writes()
        self.changed(order, answer)
        self.assertEqual(self.writes() - before, 1)
        self.poll()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)

    def test_new_amounts_are_corrected_anew(self):
        order = self.two_codes_less_ten_percent()
        answer = self.invoice(order)
        with self.jobs():
            order.order_line[0].write({"product_uom_qty": 2, "price_unit": 5.21})
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.assert_total(order, self.theirs("Invoice", answer["Id"]))

    def test_another_policy_asks_a_person_until_it_is_changed(self):
        self.backend.total_policy = "block"
        link = self.blocked(self.two_codes_less_ten_percent(), "total")
        self.assertIn("tax is 2.48, not 2.47", link.error)
        self.backend.total_policy = "tax"
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)
        self.assert_total(link._record(), self.theirs("Invoice", link.qbo_id))

    def test_a_person_may_leave_the_cent(self):
        self.backend.total_policy = "block"
        order = self.two_codes_less_ten_percent()
        link = self.blocked(order, "total")
        compare = self.env["qbo.compare"].browse(link.action_compare()["res_id"])
        self.assertEqual(compare.line_ids.mapped("field_name"), ["TotalAmt"])
        with self.jobs():
            compare.action_keep_quickbooks()
            order.client_order_ref = "PO-9"
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("kept QuickBooks' version of: TotalAmt", link.warning)
        with self.jobs():
            order.order_line[2].price_unit = 12
        self.assertEqual(link.state, "blocked", "that is another difference")

    def test_a_discount_says_nothing_of_when_the_tax_is_taken(self):
        order = self.order(self.line(price=100))
        self.discount(order, percent=10)
        link = self.confirm(order)
        self.assertFalse(link.warning)
        self.assertNotIn("ApplyTaxAfterDiscount", link.sent)

    def test_links_of_earlier_versions_say_it_to_no_effect(self):
        order = self.order(self.line(price=100))
        self.discount(order, percent=10)
        answer = self.invoice(order)
        link = self.links(order)
        link.sent = {**link.sent, "ApplyTaxAfterDiscount": True}
        self.pay(answer)
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        self.changed(order, answer)


class TestBritain(WorldCase):
    """Two rates, whose tax is insisted on."""

    country, currency = "base.uk", "base.GBP"
    qbo_company = {"kind": "uk"}
    taxes = {"20.0% S": 20, "5.0% R": 5}

    def two_rates(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        reduced = self.by_name["5.0% R"]
        lines = [self.line(price=0.33, taxes=reduced) for _n in range(3)]
        order = self.order(*lines, *[self.line(price=0.13) for _n in range(3)])
        return order, self.invoice(order)

    def test_a_paid_invoice(self):
        order, answer = self.two_rates()
        self.assertTrue(self.links(order).sent["TxnTaxDetail"]["TaxLine"])
        self.pay(answer)
        self.poll()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.changed(order, answer)

    def test_tax_lines_in_another_order(self):
        order, answer = self.two_rates()
        link = self.links(order)
        tax = link.sent["TxnTaxDetail"]
        link.sent = {
            **link.sent,
            "TxnTaxDetail": {**tax, "TaxLine": tax["TaxLine"][::-1]},
        }
        self.pay(answer)
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        compare = self.env["qbo.compare"].browse(link.action_compare()["res_id"])
        self.assertFalse(compare.line_ids)
