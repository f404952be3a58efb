"""Founds the company of a walk in Odoo and in QuickBooks, and connects them.

Customers share e-mail addresses and names; only the street tells each of them, so
that a judge knows whose Customer is whose without asking the connector.
"""

import requests

from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

from .walk_company import KINDS, Company

BANK = "Checking"  # a journal of Odoo, and an account of QuickBooks
LOGIN = "walker"
VERIFIER = "a-verifier-token"
CUSTOMERS, VENDORS, GOODS = 16, 6, 8


class Founder:
    """Founds a company of a kind, as the administrator does."""

    def __init__(self, node: OdooServer, sandbox: Sandbox, kind: str, billing: str):
        self.node = node
        self.client = node.client()  # the administrator, until there is somebody else
        self.sandbox = sandbox
        self.billing = billing
        realm = self._admin("companies", **KINDS[kind].books)["realm_id"]
        self.company = Company(KINDS[kind], realm)

    def found(self, webhook_url: str = "", **settings) -> Company:
        """Do all of it; ``settings`` are the connection's."""
        self._found_in_odoo()
        self._make_taxes()
        self._make_bank()
        self._connect(**settings)
        self._map_taxes()
        self._make_parties()
        self._make_products()
        self._make_pricelists()
        if webhook_url:
            self._admin("webhooks", url=webhook_url, verifier_token=VERIFIER)
        return self.company

    def books(self) -> Books:
        """Return the company's books in QuickBooks."""
        return Books(self.sandbox.info, self.company.realm)

    # --------------------------------------------------------------- in Odoo
    def _found_in_odoo(self) -> None:
        kind = self.company.kind
        company = self.company.id = self.client.create(
            "res.company",
            name="Walking Company",
            country_id=self._id("res.country", ("code", "=", kind.country)),
            currency_id=self._currency(kind.currency),
        )
        self._hire()
        call = self.client.call
        call("account.chart.template", "try_loading", [], "generic_coa", company)
        # The generic chart of accounts makes an American company of any.
        country = self._id("res.country", ("code", "=", kind.country))
        here = {"account_fiscal_country_id": country}
        here["currency_id"] = self._currency(kind.currency)
        here["tax_calculation_rounding_method"] = "round_globally"
        call("res.company", "write", [company], here)

    def _hire(self) -> None:
        """From now on somebody acts who knows of this company only."""
        admin = [self.client.uid]
        own = {"company_ids": [(4, self.company.id)]}
        self.client.call("res.users", "write", admin, own)
        groups = self.client.read("res.users", admin[0], "group_ids")["group_ids"]
        self.client.create(
            "res.users",
            name="Walker",
            login=LOGIN,
            password=LOGIN,
            company_id=self.company.id,
            company_ids=[(6, 0, [self.company.id])],
            group_ids=[(6, 0, groups)],
        )
        self.client = self.node.client(LOGIN)

    def _make_taxes(self) -> None:
        call, company = self.client.call, self.company
        old = [one["id"] for one in self.client.find("account.tax")]
        call("account.tax", "write", old, {"active": False})
        country = self._id("res.country", ("code", "=", company.kind.country))
        here = {"company_id": company.id, "country_id": country}
        group = self.client.create("account.tax.group", name="Taxes", **here)
        here["tax_group_id"] = group
        for use, ids in (("sale", company.taxes), ("purchase", company.bought_taxes)):
            ids += [
                self.client.create(
                    "account.tax", name=name, amount=rate, type_tax_use=use, **here
                )
                for name, rate in company.kind.taxes.items()
            ]

    def _make_bank(self) -> None:
        """A journal whose payments Odoo books at once."""
        bank = self.client.find("account.journal", ("type", "=", "bank"))[0]
        self.company.bank = bank["id"]
        call = self.client.call
        call("account.journal", "write", [bank["id"]], {"name": BANK})
        account = self.client.create(
            "account.account",
            name=BANK,
            code="WALK1",
            account_type="asset_current",
            reconcile=True,
        )
        lines = ("journal_id", "=", bank["id"])
        methods = self.client.find("account.payment.method.line", lines)
        ids = [one["id"] for one in methods]
        values = {"payment_account_id": account}
        call("account.payment.method.line", "write", ids, values)

    def _make_parties(self) -> None:
        for role, count in (("customers", CUSTOMERS), ("vendors", VENDORS)):
            rows = [self._party(role, number) for number in range(count)]
            ids = self.client.call("res.partner", "create", rows)
            setattr(self.company, role, ids)

    def _party(self, role: str, number: int) -> dict:
        """Pairs: one e-mail and two names, or one name and two e-mails."""
        pair, word = number // 2, role.removesuffix("s").capitalize()
        same_mail = pair % 2 == 0
        mail = f"{role}{pair if same_mail else number}@walk.example"
        us = self.company.kind.country == "US"
        state = [("code", "=", "CA"), ("country_id.code", "=", "US")]
        return {
            "name": f"{word} {number if same_mail else f'Twin {pair}'}",
            "is_company": True,
            "email": mail,
            "street": f"{number + 1} {word} Street",
            "city": "San Pablo",
            "zip": "94806",
            "state_id": us and self._id("res.country.state", *state),
            "country_id": self._id(
                "res.country", ("code", "=", self.company.kind.country)
            ),
        }

    def _make_products(self) -> None:
        company = self.company
        by_delivery = self.billing == "delivery"
        goods = [
            {
                "name": f"Article {number}",
                "default_code": f"ART-{number}",
                "type": "consu",
                "is_storable": number % 4 != 3,
                "invoice_policy": "delivery" if by_delivery else "order",
                "list_price": 10 + number,
                "taxes_id": [(6, 0, company.taxes[:1])],
                "supplier_taxes_id": [(5,)],
            }
            for number in range(GOODS)
        ]
        work = {
            "type": "service",
            "invoice_policy": "order",
            "taxes_id": [(5,)],
            "supplier_taxes_id": [(5,)],
        }
        services = [{"name": name, **work} for name in ("Assembly", "Advice")]
        company.goods = self.client.call("product.product", "create", goods)
        company.services = self.client.call("product.product", "create", services)
        self._stock_up()

    def _stock_up(self) -> None:
        stored = [
            one for number, one in enumerate(self.company.goods) if number % 4 < 3
        ]
        house = self.client.create(
            "stock.warehouse", name="Barn", code="BARN", company_id=self.company.id
        )
        warehouse = self.client.read("stock.warehouse", house, "lot_stock_id")
        place = warehouse["lot_stock_id"][0]
        rows = [
            {"product_id": one, "location_id": place, "inventory_quantity": 5000}
            for one in stored
        ]
        quants = self.client.call(
            "stock.quant", "create", rows, context={"inventory_mode": True}
        )
        self.client.call("stock.quant", "action_apply_inventory", quants)

    def _make_pricelists(self) -> None:
        kind = self.company.kind
        if not kind.foreign:
            return
        code, worth = kind.foreign
        currency = self._currency(code)
        self.client.create(
            "res.currency.rate",
            name="2020-01-01",
            currency_id=currency,
            company_id=self.company.id,
            inverse_company_rate=worth,
        )
        for one in (self._currency(kind.currency), currency):
            pricelist = self.client.create(
                "product.pricelist",
                name=f"Prices {one}",
                currency_id=one,
                company_id=self.company.id,
            )
            self.company.pricelists.append(pricelist)

    # -------------------------------------------------------- the connection
    def _connect(self, **settings) -> None:
        info, client = self.sandbox.info, self.client
        backend = self.company.backend = client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
            company_id=self.company.id,
            invoice_when=self.billing,
            push_payments=True,
            webhook_verifier_token=VERIFIER,
            **settings,
        )
        action = client.call("qbo.backend", "action_connect", [backend])
        page = consent(client.session, action["url"], realm_id=self.company.realm)
        page.raise_for_status()
        client.call("qbo.backend", "action_refresh_lists", [backend])

    def _map_taxes(self) -> None:
        company = self.company
        if company.kind.books.get("ast"):
            return
        mine = ("backend_id", "=", company.backend)
        codes = {
            row["name"]: row["id"]
            for row in self.client.find(
                "qbo.reference", mine, ("entity", "=", "TaxCode"), fields=("name",)
            )
        }
        for ids in (company.taxes, company.bought_taxes):
            for tax, code in zip(ids, company.kind.taxes, strict=True):
                row = ("res_id", "=", tax), ("res_model", "=", "account.tax")
                found = [
                    one["id"] for one in self.client.find("qbo.mapping", mine, *row)
                ]
                values = {"reference_id": codes[code]}
                if found:
                    self.client.call("qbo.mapping", "write", found, values)
                    continue
                self.client.create(
                    "qbo.mapping",
                    backend_id=company.backend,
                    res_model="account.tax",
                    res_id=tax,
                    entity="TaxCode",
                    **values,
                )

    # ---------------------------------------------------------------- tools
    def _id(self, model: str, *domain: tuple) -> int:
        return self.client.find(model, *domain, limit=1)[0]["id"]

    def _currency(self, code: str) -> int:
        context = {"active_test": False}
        found = self.client.find("res.currency", ("name", "=", code), context=context)
        values = {"active": True}
        self.client.call("res.currency", "write", [found[0]["id"]], values)
        return found[0]["id"]

    def _admin(self, door: str, **body) -> dict:
        url = f"{self.sandbox.url}/_admin/{door}"
        reply = requests.post(url, json=body, timeout=60)
        reply.raise_for_status()
        return reply.json()
