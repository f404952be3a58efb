# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# The way back of products, apart from the way out.
# pylint: disable=consider-merging-classes-inherited
from odoo import models

from ..qbo.money import D
from .product_account import ACCOUNTS
from .pull_match import Matcher
from .pull_partner import DELETED
from .qbo_once import once
from .qbo_pull import Pull

CATEGORY = "Category"
BUNDLES = ("Group", "Bundle")
ITEM_RANK = 100  # behind the categories


class ProductProduct(models.Model):
    """Item → product variant; Item of type Category → product category."""

    _inherit = "product.product"
    _qbo_two_way = True
    _qbo_side_by_side = True
    _qbo_shared_defaults = ("lot_sequence_id", "has_available_route_ids")
    _qbo_pulled = {
        "Item": (
            "Name",
            "Sku",
            "Description",
            "PurchaseDesc",
            "UnitPrice",
            "PurchaseCost",
            "Taxable",
            "SalesTaxCodeRef",
            *ACCOUNTS,
            "ParentRef",
            "Active",
        ),
    }

    def _qbo_import_item(self, backend, objects):
        """Take over items, their categories first; bundles are reported."""
        if not backend.pull_products:
            return {}
        # What QuickBooks says is taken over with the connection's rights.
        model = self.with_company(backend.company_id).sudo()
        objects = objects + Pull(backend).missing_parents("Item", objects)
        kinds = {CATEGORY: [], "item": [], "bundle": []}
        for values in objects:
            kind = "bundle" if values.get("Type") in BUNDLES else values.get("Type")
            kinds.get(kind, kinds["item"]).append(values)
        # What QuickBooks says is taken over with the connection's rights.
        self.env["product.category"].sudo()._qbo_import(backend, kinds[CATEGORY])
        refused = model._qbo_take_over(backend, "Item", kinds["item"])
        reason = self._qbo_no_bundles()
        return {**refused, **{one["Id"]: reason for one in kinds["bundle"]}}

    def _with_valuation_context(self):
        """Odoo looks for the valued locations anew for the cost of each new product:
        while many are made, once."""
        found = once(
            self.env,
            ("valuation", self.env.company.id, self.cost_method == "fifo"),
            lambda: super(ProductProduct, self)._with_valuation_context().env.context,
        )
        places = {name: found[name] for name in ("location", "owners") if name in found}
        return self.with_context(**places)

    def _qbo_rule(self, backend):
        return backend.product_rule

    def _qbo_on_removed(self, binding, reason):
        result = super()._qbo_on_removed(binding, reason)
        if binding.backend_id.archive_removed and binding.imported:
            self.active = False
        return result

    # --------------------------------------------------------------- match
    def _qbo_find_objects(self, backend, entity, objects):
        """By SKU, as internal reference or barcode, then by name."""
        matcher = Matcher(self, backend, entity)
        matcher.add_rule(self.env._("SKU"), "default_code", _sku)
        matcher.add_rule(self.env._("barcode"), "barcode", _sku)
        matcher.add_rule(
            self.env._("name"),
            "name",
            _name,
            lambda values, one: _one_variant(one) and _fits(values, one),
        )
        return matcher.match(objects)

    def _qbo_plan(self, backend, entity, objects):
        """Categories are no products, and what stands for a bundle is unknown."""
        plans = super()._qbo_plan(backend, entity, objects)
        for values, plan in zip(objects, plans, strict=True):
            if values.get("Type") == CATEGORY:
                plan.update(
                    res_model="product.category",
                    res_id=0,
                    action="create",
                    reason=False,
                )
            elif values.get("Type") in BUNDLES:
                plan.update(action="skip", reason=self._qbo_no_bundles())
        return plans

    def _qbo_plan_one(self, entity, values):
        plan = super()._qbo_plan_one(entity, values)
        rank = plan["rank"] if values.get("Type") == CATEGORY else ITEM_RANK
        return {**plan, "details": values.get("Sku"), "rank": rank}

    def _qbo_no_bundles(self):
        return self.env._("QuickBooks' bundles have no counterpart in Odoo.")

    # ---------------------------------------------------------------- read
    def _qbo_read_bought_description(self, description):
        """The fields that keep what is said of it on documents to vendors."""
        return {}

    def _qbo_read_item(self, backend, values, names):
        readers = {
            "Name": lambda: self._qbo_read_item_name(values),
            "Sku": lambda: {"default_code": values.get("Sku") or False},
            "Description": lambda: self._qbo_read_description(values),
            "PurchaseDesc": lambda: self._qbo_read_bought_description(
                _unless_name(values, "PurchaseDesc")
            ),
            "UnitPrice": lambda: self._qbo_read_price(values),
            "PurchaseCost": lambda: self._qbo_read_cost(values),
            "Taxable": lambda: self._qbo_read_taxable(backend, values),
            "SalesTaxCodeRef": lambda: self._qbo_read_tax(backend, values),
            "ParentRef": lambda: self._qbo_read_category(backend, values),
            "Active": lambda: self._qbo_read_item_active(backend, values),
        }
        result = {} if self else self._qbo_read_type(backend, values)
        for name in names:
            if name in ACCOUNTS:
                result.update(self._qbo_read_account(backend, values, name))
            else:
                result.update(readers[name]())
        return result

    def _qbo_read_type(self, backend, values):
        """Only for a new product: Odoo's kind of a product stays as it is."""
        return {
            "type": "service" if values.get("Type") == "Service" else "consu",
            "is_storable": values.get("Type") == "Inventory",
            "company_id": False,
        }

    def _qbo_read_item_name(self, values):
        """A variant's name is its template's: it is changed in Odoo only."""
        return {"name": _name(values)} if not self or _one_variant(self) else {}

    def _qbo_read_description(self, values):
        return {"description_sale": _unless_name(values, "Description")}

    def _qbo_read_price(self, values):
        """A new product has no attributes with extra prices: it goes without the
        detour that writes each product once more."""
        name = "lst_price" if self else "list_price"
        return {name: float(D(values.get("UnitPrice") or 0))}

    def _qbo_read_cost(self, values):
        """Where Odoo computes the cost itself, QuickBooks' is not taken."""
        if self and self.cost_method != "standard":
            return {}
        return {"standard_price": float(D(values.get("PurchaseCost") or 0))}

    def _qbo_read_taxable(self, backend, values):
        """US: not taxable is a product without taxes."""
        if not backend._is_us() or self or values.get("Taxable") is not False:
            return {}
        return {"taxes_id": [(5,)]}

    def _qbo_read_tax(self, backend, values):
        """Elsewhere the item names its tax code."""
        ref = (values.get("SalesTaxCodeRef") or {}).get("value")
        if not ref or backend._is_us():
            return {}
        tax = backend._mapped_record("TaxCode", ref, "account.tax")
        return {"taxes_id": [(6, 0, tax.ids)]} if tax else {}

    def _qbo_read_category(self, backend, values):
        ref = (values.get("ParentRef") or {}).get("value")
        if not ref:
            return {}
        category = self.env["qbo.binding"]._linked(
            backend, "Item", ref, "product.category"
        )
        return {"categ_id": category.id} if category else {}

    def _qbo_read_item_active(self, backend, values):
        active = values.get("Active", True) is not False
        return {"active": active} if active or backend.archive_removed else {}

    def _qbo_write_changed(self, values):
        commands = {name: values[name] for name in ("taxes_id",) if name in values}
        rest = {name: value for name, value in values.items() if name not in commands}
        if commands:
            self.write(commands)
        return super()._qbo_write_changed(rest)


class ProductCategory(models.Model):
    """Item of type Category: only the way back."""

    _name = "product.category"
    _inherit = ["product.category", "qbo.mixin"]
    _qbo_pages = {"Item": ("items", "itemId")}
    _qbo_two_way = True

    def _qbo_import(self, backend, objects):
        """Make and rename categories, parents before their children."""
        links = self.env["qbo.binding"]._of_objects(backend, "Item", objects)
        for values in sorted(objects, key=lambda one: one.get("Level") or 0):
            link = links.get(values["Id"])
            category = link._record().exists() if link else self.browse()
            self.env["qbo.binding"]._link(
                backend, "Item", [(self._qbo_save(backend, category, values), values)]
            )

    def _qbo_create_from(self, backend, entity, objects):
        self._qbo_import(backend, objects)

    def _qbo_save(self, backend, category, values):
        parent = self.env["qbo.binding"]._linked(
            backend,
            "Item",
            (values.get("ParentRef") or {}).get("value", ""),
            "product.category",
        )
        facts = {"name": _name(values), "parent_id": parent.id}
        if category:
            category._qbo_write_changed(facts)
            return category
        return self._qbo_same(facts) or self.create(facts)

    def _qbo_same(self, facts):
        """A category of that name in that place, which no other item stands for."""
        found = self.search(
            [("name", "=", facts["name"]), ("parent_id", "=", facts["parent_id"])],
            limit=1,
        )
        taken = self.env["qbo.binding"].search_count(
            [("res_model", "=", self._name), ("res_id", "=", found.id)], limit=1
        )
        return self.browse() if taken else found


def _sku(values):
    return values.get("Sku")


def _name(values):
    return (values.get("Name") or "").removesuffix(DELETED)


def _unless_name(values, field):
    """A description that only repeats the name is none."""
    text = values.get(field)
    return text if text and text != _name(values) else False


def _one_variant(product):
    return product.product_tmpl_id.product_variant_count <= 1


def _fits(values, product):
    """A service is no good, and two different SKUs are two products."""
    service = values.get("Type") == "Service"
    differ = _sku(values) and product.default_code
    return service == (product.type == "service") and not differ
