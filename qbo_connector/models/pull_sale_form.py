# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sales form of QuickBooks as the values of an Odoo order."""

from odoo import Command
from odoo.tools import plaintext2html

from ..qbo.errors import Blocked
from ..qbo.money import D
from .qbo_pull import Pull

SHIPPING = "SHIPPING_ITEM_ID"
US_TAXABLE = "TAX"
DIGITS = 2


class OrderForm:
    """Reads one Invoice; what has no counterpart in Odoo is fetched, or said.

    Customers and products that aren't linked yet are taken over on the way,
    whatever the settings say: an order can't be without them.
    """

    def __init__(self, env, backend, values):
        # What QuickBooks says is taken over with the connection's rights.
        self.env = env(su=True)
        self.backend = backend
        self.values = values
        self.company = backend.company_id
        self.keys = []

    # -------------------------------------------------------------- header
    def header(self):
        """Values of a new order, without its lines."""
        partner = self._partner()
        number = self.values.get("DocNumber") or self.values["Id"]
        return {
            "partner_id": partner.id,
            "company_id": self.company.id,
            "origin": self.env._("QuickBooks Invoice %s", number),
            "date_order": self.values.get("TxnDate"),
            **self._pricelist(),
            **self.header_changes(),
        }

    def header_changes(self):
        """What follows when the invoice is edited."""
        memo = (self.values.get("CustomerMemo") or {}).get("value")
        result = {
            "client_order_ref": self._po_number(),
            "note": plaintext2html(memo) if memo else False,
        }
        ref = (self.values.get("SalesTermRef") or {}).get("value")
        term = self.backend._mapped_record("Term", ref, "account.payment.term")
        if term:
            result["payment_term_id"] = term.id
        return result

    def _partner(self):
        ref = self.values["CustomerRef"]["value"]
        self._ensure("res.partner", "Customer", [ref])
        contacts = self.env["res.partner"]
        partner = contacts._qbo_of_customer(self.backend, self.values["CustomerRef"])
        if not partner:
            raise self._missing("Customer", self.values["CustomerRef"])
        return partner

    def _po_number(self):
        wanted = self.backend.po_number_field_id.qbo_id
        for one in self.values.get("CustomField") or []:
            if wanted and one.get("DefinitionId") == wanted:
                return one.get("StringValue") or False
        return False

    def _pricelist(self):
        """An order's currency is its pricelist's."""
        name = (self.values.get("CurrencyRef") or {}).get("value")
        if not name or name == self.company.currency_id.name:
            return {}
        found = self.env["product.pricelist"].search(
            [
                ("currency_id.name", "=", name),
                ("company_id", "in", [False, self.company.id]),
            ],
            limit=1,
        )
        if not found:
            raise Blocked(
                "pricelist_id",
                self.env._("The invoice is in %s, and no pricelist is.", name),
                self.env._("Make a pricelist in that currency, then try again."),
                "currency",
            )
        return {"pricelist_id": found.id}

    # --------------------------------------------------------------- lines
    def new_lines(self):
        """Commands that make all lines."""
        return [Command.create(values) for _key, values in self._lines()]

    def update_lines(self, order, line_ids):
        """Change, add and take off lines as the invoice has them now."""
        known = {qbo_id: int(key) for key, qbo_id in line_ids.items()}
        lines = {line.id: line for line in order.order_line}
        kept = set()
        for key, values in self._lines():
            line = lines.get(known.get(key))
            if line:
                self._update_line(line, values)
            else:
                line = order.order_line.create({**values, "order_id": order.id})
            kept.add(line.id)
        gone = order.order_line.filtered(lambda one: one.id not in kept)
        self._take_off(gone)

    def _update_line(self, line, values):
        changed = {name: values[name] for name in values if name != "product_id"}
        if values.get("product_id") != line.product_id.id:
            changed = values
        line.write(changed)

    def _take_off(self, lines):
        """A confirmed order's line stays, with nothing on it."""
        sold = lines.filtered(lambda one: one.state == "sale" and not one.display_type)
        sold.write({"product_uom_qty": 0})
        (lines - sold).unlink()

    def line_ids(self, order):
        """Which line of the invoice is which line of the order."""
        lines = order.order_line.filtered(
            lambda one: one.display_type or one.product_uom_qty
        ).sorted("id")
        pairs = zip(lines, self.keys, strict=False)
        return {str(line.id): key for line, key in pairs if key}

    def _lines(self):
        """[(line id in QuickBooks, values)], discounts last."""
        rows = list(_flat(self.values.get("Line") or []))
        refs = [_ref(row) for row in rows]
        self._ensure("product.product", "Item", [ref for ref in refs if ref])
        percent = sum((_percent(row) for row in rows), D(0))
        result = [
            (row.get("Id"), {"sequence": 10 + number, **self._line(row, percent)})
            for number, row in enumerate(rows)
            if row.get("DetailType") in ("SalesItemLineDetail", "DescriptionOnly")
        ]
        result += [
            (row.get("Id"), {"sequence": 9000, **self._discount(row)})
            for row in rows
            if _is_amount_discount(row)
        ]
        self.keys = [key for key, _values in result]
        return result

    def _line(self, row, percent):
        detail = row.get("SalesItemLineDetail") or {}
        if not detail.get("ItemRef"):
            return {"display_type": "line_note", "name": row.get("Description") or "-"}
        product = self._product(detail["ItemRef"])
        shipping = detail["ItemRef"]["value"] == SHIPPING
        quantity = D(detail.get("Qty") or 1)
        price = detail.get("UnitPrice")
        if price is None or not detail.get("Qty"):
            price = D(row.get("Amount") or 0) / quantity
        return {
            "product_id": product.id,
            "name": row.get("Description") or product.display_name,
            "product_uom_qty": float(quantity),
            "product_uom_id": product.uom_id.id,
            "price_unit": float(price),
            "discount": 0.0 if shipping else float(percent),
            "tax_ids": [Command.set(self._taxes(detail).ids)],
            "is_delivery": shipping,
        }

    def _discount(self, row):
        """A discount as an amount: a negative line, taxed as the goods are."""
        product = self._discount_product()
        return {
            "product_id": product.id,
            "name": row.get("Description") or product.display_name,
            "product_uom_qty": 1,
            "price_unit": -float(D(row.get("Amount") or 0)),
            "tax_ids": [Command.set(self._document_tax().ids)],
        }

    def _discount_product(self):
        company = self.company
        if not company.sale_discount_product_id:
            company.sale_discount_product_id = self.env["product.product"].create(
                {
                    "name": self.env._("Discount"),
                    "type": "service",
                    "list_price": 0.0,
                    "taxes_id": [Command.clear()],
                    "company_id": company.id,
                }
            )
        return company.sale_discount_product_id

    def _product(self, ref):
        if ref["value"] == SHIPPING:
            return self.env.ref("qbo_connector.product_shipping")
        link = self._link("Item", ref["value"])
        product = link._record().exists() if link else None
        if not product or product._name != "product.product":
            raise self._missing("Item", ref)
        return product

    # --------------------------------------------------------------- taxes
    def _taxes(self, detail):
        """US: the form's own tax on taxable lines. Elsewhere the line names it."""
        code = (detail.get("TaxCodeRef") or {}).get("value")
        if self.backend._is_us():
            taxed = code == US_TAXABLE
            return self._document_tax() if taxed else self.env["account.tax"]
        return self._tax(code)

    def _document_tax(self):
        code = (self.values.get("TxnTaxDetail") or {}).get("TxnTaxCodeRef") or {}
        return self._tax(code.get("value"))

    def _tax(self, code):
        """The sales tax mapped to a code, best one whose price is without tax.

        :raise Blocked: if none is mapped
        """
        if not code or code == self.backend.no_tax_code_id.qbo_id:
            return self.env["account.tax"]
        rows = self.backend.tax_mapping_ids.filtered(
            lambda row: row.reference_id.qbo_id == code
        )
        taxes = self.env["account.tax"].browse(rows.mapped("res_id")).exists()
        taxes = taxes.filtered(lambda tax: tax.type_tax_use == "sale")
        plain = taxes.filtered(lambda tax: not tax.price_include)
        if not plain:
            raise Blocked(
                "tax_ids",
                self.env._("No tax of Odoo is mapped to tax code %s.", code),
                self.env._("Map it in QuickBooks → Configuration → Taxes."),
                "tax",
            )
        return plain[:1]

    # ---------------------------------------------------------------- links
    def _link(self, entity, qbo_id):
        links = self.env["qbo.binding"]._of_objects(
            self.backend, entity, [{"Id": qbo_id}]
        )
        return links.get(qbo_id)

    def _ensure(self, model, entity, refs):
        """Take over what isn't linked yet: one read for all of it."""
        stubs = [{"Id": ref} for ref in dict.fromkeys(refs) if ref != SHIPPING]
        known = self.env["qbo.binding"]._of_objects(self.backend, entity, stubs)
        missing = [one["Id"] for one in stubs if one["Id"] not in known]
        if not missing:
            return
        objects = Pull(self.backend).fetch(self.backend._client(), entity, missing)
        records = self.env[model].with_company(self.company)
        refused = records._qbo_take_over(self.backend, entity, objects)
        if refused:
            reason = next(iter(refused.values()))
            fix = self.env._("Make it clear which one it is, then try again.")
            raise Blocked("", reason, fix, "ambiguous")

    def _missing(self, entity, ref):
        name = ref.get("name") or ref["value"]
        return Blocked(
            "",
            self.env._("%(entity)s %(name)s is not in Odoo.", entity=entity, name=name),
            self.env._("Take it over first, then try again."),
            "missing",
        )


def _flat(lines):
    """Lines, those of a bundle instead of the bundle."""
    for line in lines:
        if line.get("DetailType") == "GroupLineDetail":
            yield from _flat((line.get("GroupLineDetail") or {}).get("Line") or [])
        else:
            yield line


def _ref(row):
    return ((row.get("SalesItemLineDetail") or {}).get("ItemRef") or {}).get("value")


def _percent(row):
    """What a discount in percent takes off each line."""
    detail = row.get("DiscountLineDetail") or {}
    return D(detail.get("DiscountPercent") or 0) if detail.get("PercentBased") else D(0)


def _is_amount_discount(row):
    detail = row.get("DiscountLineDetail")
    return detail is not None and not detail.get("PercentBased")
