# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import TransactionCase, tagged

BASE = "odoo.addons.qbo_connector."


@tagged("post_install", "-at_install", "qbo")
class TestBesideSales(TransactionCase):
    """What the base addon says of its models holds with purchases installed."""

    def said_by_base(self, model):
        """Yield (name, value) of all that the base addon's classes of a model say;
        of what isn't a collection only what counts without purchases."""
        plain = set()
        for one in type(model).__mro__:
            if not one.__module__.startswith(BASE):
                continue
            for name, value in vars(one).items():
                if not name.startswith("_qbo_"):
                    continue
                if isinstance(value, (tuple, dict)):
                    yield name, value
                elif isinstance(value, (bool, str)) and value and name not in plain:
                    plain.add(name)
                    yield name, value

    def holds(self, value, now):
        """Whether `now` still says `value`, and maybe more."""
        if isinstance(value, tuple):
            return isinstance(now, tuple) and set(value) <= set(now)
        if isinstance(value, dict):
            return isinstance(now, dict) and all(
                self.holds(said, now.get(key)) for key, said in value.items()
            )
        return value == now

    def test_what_base_promises_holds_with_purchases(self):
        checked = 0
        for name in self.env.registry:
            model = self.env[name]
            for attribute, value in self.said_by_base(model):
                with self.subTest(model=name, attribute=attribute):
                    now = getattr(model, attribute)
                    self.assertTrue(self.holds(value, now), f"{value} -> {now}")
                checked += 1
        self.assertGreater(checked, 40)

    def test_important_entities_come_first(self):
        """What is sold, then what is bought; nothing twice."""
        self.assertEqual(
            self.env["account.move"]._qbo_entities,
            (
                *("Invoice", "CreditMemo", "RefundReceipt", "Payment"),
                *("Bill", "VendorCredit", "BillPayment"),
            ),
        )
        payment = self.env["account.payment"]._qbo_entities
        self.assertEqual(payment, ("Payment", "Purchase", "BillPayment"))
        self.assertEqual(self.env["res.partner"]._qbo_entities, ("Customer", "Vendor"))

    def test_riders_are_those_of_the_entity(self):
        move, payment = self.env["account.move"], self.env["account.payment"]
        for model in (move, payment):
            self.assertEqual(
                model._qbo_riders["Payment"], ("CustomerRef", "TotalAmt"), model
            )
            self.assertEqual(
                set(model._qbo_riders["BillPayment"]),
                {"VendorRef", "TotalAmt", "PayType"},
                model,
            )
        self.assertEqual(move._qbo_riders["Invoice"], ("TxnTaxDetail",))
        self.assertIn("VendorRef", move._qbo_riders["Bill"])
