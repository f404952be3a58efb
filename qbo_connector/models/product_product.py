# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..qbo import payloads, text
from ..qbo.errors import Blocked
from ..qbo.money import D
from ..qbo.payloads import Texts

DUPLICATE_NAME = "6240"


class ProductProduct(models.Model):
    """Product variants → Item: one Item for each variant."""

    _name = "product.product"
    _inherit = ["product.product", "qbo.mixin"]
    _qbo_entities = ("Item",)
    _qbo_tracked = ("name", "default_code", "description_sale", "active")
    _qbo_pages = {"Item": ("items", "itemId")}

    # As a field, so that a transaction reads them once for all its products.
    qbo_carrier_ids = fields.One2many(
        "delivery.carrier",
        "product_id",
        "Delivery methods",
        context={"active_test": False},
        groups=fields.NO_ACCESS,
    )

    def _qbo_item_type(self):
        """Stored goods are Inventory, other goods NonInventory, the rest Service."""
        if self.type == "service":
            return "Service"
        return "Inventory" if self.is_storable else "NonInventory"

    def _qbo_item_name(self):
        """Name with the variant's values; the SKU tells equal names apart."""
        values = self.product_template_attribute_value_ids._get_combination_name()
        return f"{self.name} ({values})" if values else self.name

    def _qbo_match(self, backend, entity):
        """By SKU, then by name; inactive items and categories don't count."""
        rules = []
        sku = text.clean(self.default_code, 100, charset=backend._charset())
        if sku:
            rules.append((self.env._("SKU"), "Sku", sku))
        name = text.item_name(self._qbo_item_name(), charset=backend._charset())
        rules.append((self.env._("name"), "Name", name))
        return rules

    def _qbo_on_fault(self, backend, entity, fault, body):
        """Two products of one name: the second goes with its SKU or number."""
        suffix = f"[{self.default_code or self.id}]"
        if fault.code != DUPLICATE_NAME or body["Name"].endswith(suffix):
            return None
        name = text.item_name(self._qbo_item_name(), suffix, charset=backend._charset())
        return {"Name": name}

    def _qbo_bought_description(self):
        """What is said of it on documents to vendors."""
        return self.name

    def _qbo_prepare_item(self, backend):
        if not text.item_name(self._qbo_item_name() or ""):
            raise Blocked(
                "name",
                self.env._("The product has no name that QuickBooks can show."),
                self.env._("Give the product a name."),
                "name",
            )
        kind = self._qbo_item_type()
        values = {
            "name": self._qbo_item_name(),
            "type": kind,
            "sku": self.default_code,
            "description": self.description_sale or self.name,
            "bought_description": self._qbo_bought_description(),
            "unit_price": D(self.lst_price),
            "cost": D(self.standard_price),
            "income_account_id": self._qbo_account_ref(
                backend, *self._qbo_income_account(backend)
            ),
            "expense_account_id": self._qbo_account_ref(backend, "expense_account_id"),
            "taxable": bool(self.taxes_id) if backend._is_us() else None,
            "texts": Texts(backend._charset()),
        }
        if kind == "Inventory":
            values.update(self._qbo_inventory_start(backend))
        return payloads.item(**values)

    def _qbo_income_account(self, backend):
        """The field of the backend that names the income account, and a fallback."""
        if self._qbo_is_shipping() and not self._qbo_account(
            backend, "income_account_id"
        ):
            return ("shipping_account_id", "income_account_id")
        return ("income_account_id",)

    def _qbo_is_shipping(self):
        # Whether it is a shipping product is no secret.
        return bool(self.sudo().qbo_carrier_ids)

    def _qbo_inventory_start(self, backend):
        """Quantity zero: stock is counted in, not invented by a new item.

        The start date lies a year back, because QuickBooks refuses documents
        dated before it (6270).
        """
        today = fields.Date.context_today(self)
        asset = self._qbo_account_ref(backend, "asset_account_id")
        account = {"asset_account_id": asset}
        if self._qbo_is_linked(backend, "Item"):
            return account  # on an update they would post an adjustment
        return {
            **account,
            "qty_on_hand": D(0),
            "start_date": fields.Date.subtract(today, years=1),
        }
