# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Quantities of one page of items: compared, listed, evened out by the setting."""

from collections import defaultdict

from odoo.tools import float_compare, float_is_zero


class StockCompare:
    """Compares items with the stock at one location and its sublocations.

    What can't be compared safely is refused with the reason, never guessed.
    """

    def __init__(self, backend):
        # A job of the connector: it compares all there is.
        self.backend = backend.sudo().with_company(backend.company_id)
        self.env = self.backend.env
        self.lines = self.env["qbo.stock.line"]
        self.spread = set()
        self.compared = 0

    def run(self, items):
        """Compare items of QuickBooks; return how many products were evened out.

        :param list items: Items of type Inventory
        """
        products = self._products(items)
        self.compared = len(products)
        here = self._quantities(products)
        differing = {}
        for item in items:
            product = products.get(item["Id"])
            if product and self._differs(product, here[product.id], _on_hand(item)):
                differing[product] = item
        equal = [one.id for one in products.values() if one not in differing]
        self.lines._forget(self.backend, equal)
        self.spread = self._elsewhere([product.id for product in differing])
        rows = [
            self._row(product, item, here[product.id])
            for product, item in differing.items()
        ]
        listed = self.lines._keep(self.backend, self._explain(rows))
        return listed._even_out()

    def _products(self, items):
        """{item id: product} of the linked, stored products."""
        links = self.env["qbo.binding"]._of_objects(self.backend, "Item", items)
        ids = [link.res_id for link in links.values()]
        found = self.env["product.product"].browse(ids).exists()
        by_id = {product.id: product for product in found if product.is_storable}
        return {
            qbo_id: by_id[link.res_id]
            for qbo_id, link in links.items()
            if link.res_id in by_id and link.res_model == "product.product"
        }

    def _quantities(self, products):
        """{product id: own quantity at the location and below}."""
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", [one.id for one in products.values()]),
                ("location_id", "child_of", self.backend.stock_location_id.id),
                ("owner_id", "=", False),
            ],
            ["product_id"],
            ["quantity:sum"],
        )
        found = defaultdict(float)
        found.update({product.id: quantity for product, quantity in groups})
        return found

    def _differs(self, product, ours, theirs):
        rounding = product.uom_id.rounding
        return float_compare(ours, theirs, precision_rounding=rounding) != 0

    def _row(self, product, item, ours):
        theirs = _on_hand(item)
        return {
            "product_id": product.id,
            "qbo_id": item["Id"],
            "odoo_quantity": ours,
            "qbo_quantity": theirs,
            "reason": self._refusal(product, ours, theirs),
        }

    def _refusal(self, product, ours, theirs):
        """Why a difference is not evened out, or False."""
        if product.tracking != "none":
            return self.env._(
                "It has lots or serial numbers: QuickBooks doesn't say which."
            )
        if getattr(product, "is_kits", False):
            return self.env._("It is a kit: its parts are counted.")
        if min(ours, theirs) < 0:
            return self.env._("The quantity is negative: correct that first.")
        if product.id in self.spread:
            return self.env._(
                "It lies in several places of %s: correct it there.",
                self.backend.stock_location_id.display_name,
            )
        return False

    def _elsewhere(self, product_ids):
        """Ids of the products that lie in sublocations as well."""
        location = self.backend.stock_location_id
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", product_ids),
                ("location_id", "child_of", location.id),
                ("location_id", "!=", location.id),
                ("quantity", "!=", 0),
            ],
            ["product_id"],
        )
        return {product.id for (product,) in groups}

    def _explain(self, rows):
        """Say what documents explain, and which ones are still on their way."""
        products = self.env["product.product"].browse(row["product_id"] for row in rows)
        ahead, waiting = self._documents(products)
        for row in rows:
            product = self.env["product.product"].browse(row["product_id"])
            row["ahead"] = ahead.get(product.id, 0.0)
            rest = row["qbo_quantity"] + row["ahead"] - row["odoo_quantity"]
            explained = float_is_zero(rest, precision_rounding=product.uom_id.rounding)
            names = waiting.get(product.id)
            if row["reason"]:
                row["state"] = "refused"
            elif names:
                row["state"] = "waiting"
                row["reason"] = self.env._("On its way: %s.", ", ".join(names[:5]))
            elif explained and self.backend._stock_counts_open():
                row["state"] = "explained"
                row["reason"] = self.env._("Invoiced, but not delivered yet.")
            else:
                row["state"] = "differs"
        return rows

    def _documents(self, products):
        """What documents of all kinds say, see `_qbo_stock_ahead`."""
        ahead, waiting = defaultdict(float), defaultdict(list)
        if not products:
            return ahead, waiting
        for name in set(self.backend._pull_models().values()):
            model = self.env[name]
            more, names = model._qbo_stock_ahead(self.backend, products)
            for product_id, quantity in more.items():
                ahead[product_id] += quantity
            for product_id, documents in names.items():
                waiting[product_id] += documents
        return ahead, waiting


def _on_hand(item):
    return float(item.get("QtyOnHand") or 0)
