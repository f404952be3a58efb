# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
import re
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
OURS = "odoo.addons.qbo_connector"
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "user": "qbo_connector.group_qbo_user",
    "seller": "sales_team.group_sale_salesman",
    "manager": "qbo_connector.group_qbo_manager",
    "elsewhere": "qbo_connector.group_qbo_manager",
    "stock": "stock.group_stock_user",
    "buyer": "purchase.group_purchase_user",
    "administrator": "qbo_connector.group_qbo_admin",
}
LOGS = ("odoo.models", "odoo.orm.models", "odoo.sql_db", "odoo.addons.base.models")


def table(title):
    """The rows of the table below a heading of the page, as lists of texts."""
    section = PAGE.read_text().split(f"\n### {title}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| (.*) \|$", section, re.M)[1:]
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def names(cell):
    return set(re.findall(r"`([\w.]+)`", cell))


@tagged("post_install", "-at_install", "qbo")
class TestMatrix(TransactionCase):
    """All models × roles × operations and public methods, against docs/security.md.

    It knows no names: a model or a method without a row there fails.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(mute_logger(*LOGS))
        cls.company, cls.other = cls.env["res.company"].create(
            [{"name": "Matrix"}, {"name": "Other"}]
        )
        cls.samples = {"res.company": cls.company}
        cls.samples["res.partner"] = cls.env["res.partner"].create({"name": "Matrix"})
        order = {"partner_id": cls.samples["res.partner"].id}
        cls.samples["sale.order"] = cls.env["sale.order"].create(
            {**order, "company_id": cls.company.id}
        )
        # What a rule of its own wants is given; all else is made up.
        cls.samples["qbo.backend"] = cls.env["qbo.backend"].create(
            {"company_id": cls.company.id}
        )
        cls.samples["qbo.reference"] = cls.env["qbo.reference"].create(
            {
                "backend_id": cls.samples["qbo.backend"].id,
                "entity": "CustomField",
                "kind": "Sales",
                "qbo_id": "1",
                "name": "Field",
            }
        )
        cls.roles = {
            role: cls._person(role, group)
            for role, group in GROUPS.items()
            if cls.env.ref(group, raise_if_not_found=False)
        }

    def setUp(self):
        super().setUp()
        self.samples = dict(self.samples)  # what a test makes is gone after it

    @classmethod
    def _person(cls, role, group):
        company = cls.other if role == "elsewhere" else cls.company
        return new_test_user(
            cls.env,
            f"matrix_{role}",
            group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    # ----------------------------------------------------------- what there is
    def ours(self):
        return sorted(
            name
            for name, cls in self.env.registry.items()
            if cls._original_module.startswith("qbo_connector") and not cls._abstract
        )

    def methods(self):
        """Yield (model, public method) of ours, beyond what Odoo's models have."""
        for name, cls in sorted(self.env.registry.items()):
            own, theirs = set(), set()
            for one in cls.mro():
                mine = one.__module__.startswith(OURS)
                found = {key for key, value in vars(one).items() if callable(value)}
                (own if mine else theirs).update(found)
            if not cls._abstract:
                for method in sorted(own - theirs):
                    if not method.startswith("_") and inspect.isfunction(
                        getattr(cls, method)
                    ):
                        yield name, method

    def sample(self, model):
        """A record of the company, with what it must have."""
        if model not in self.samples:
            mine = model in self.ours()
            rows = self.env[model].with_company(self.company)
            self.samples[model] = (
                rows.create(self.values(model)) if mine else rows.search([], limit=1)
            )
        return self.samples[model]

    def values(self, model):
        rows = self.env[model].with_company(self.company)
        known = rows.default_get(list(rows._fields))
        values = {}
        for name, field in rows._fields.items():
            if field.type == "many2one_reference" and field.store:
                values[field.model_field] = "sale.order"
                values[name] = self.samples["sale.order"].id
            elif self._must_be_given(field) and (
                name not in known or field.type == "many2one"
            ):
                values[name] = self._value(field)
        return values

    def _must_be_given(self, field):
        given = field.store and not field.compute and not field.related
        links = {"backend_id", "company_id"}
        return given and (field.required or field.name in links)

    def _value(self, field):
        if field.type == "many2one":
            return self.sample(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        numbers = {"integer": 1, "float": 1.0, "monetary": 1.0, "boolean": True}
        days = {"date": "2026-01-01", "datetime": "2026-01-01 00:00:00"}
        return {**numbers, **days}.get(field.type, "name")

    def as_role(self, records, role):
        user = self.roles[role]
        context = {"allowed_company_ids": user.company_ids.ids}
        return records.with_user(user).with_context(**context)

    # -------------------------------------------------------------- what goes
    @contextmanager
    def undone(self):
        """Whatever is done within is undone; nothing is queued."""
        with self.enter_registry_test_mode(), trap_jobs():
            self.env.flush_all()
            savepoint = self.env.cr.savepoint(flush=False)
            try:
                yield
            finally:
                self.env.transaction.clear()
                self.env.cr.precommit.clear()
                savepoint.rollback()
                savepoint.close()
                self.env.registry.clear_cache()

    def goes(self, act):
        """Whether it isn't refused for want of rights; all else is no refusal."""
        with self.undone():
            try:
                act()
                self.env.flush_all()
            except AccessError:
                return False
            except (Exception, psycopg2.Error):
                return True
        return True

    def rights(self, model, role):
        """The letters of a cell: create, read, write, delete."""
        row = self.as_role(self.sample(model), role)
        looks = (
            lambda: row.read(["display_name"]),
            lambda: (
                row._read_group([("id", "=", row.id)], [], ["__count"])[0][0] or no()
            ),
            lambda: row.search([("id", "=", row.id)]) or no(),
            lambda: row.search_read([("id", "=", row.id)], ["id"]) or no(),
            lambda: row._export_rows([["display_name"]]),
        )
        seen = {self.goes(look) for look in looks}
        self.assertEqual(len(seen), 1, f"{model} {role}: read, search, group, export")
        found = "r" if seen.pop() else ""
        values = self.values(model)
        if self.goes(lambda: self._create_in_place_of(row, values)):
            found = "c" + found
        if self.writable(row):
            found += "w"
        if self.goes(row.unlink):
            found += "d"
        return found

    def _create_in_place_of(self, row, values):
        """Without what the database lets be there only once."""
        if row._name != "qbo.backend":  # all else hangs on it
            row.sudo().unlink()
        row.browse().create(values)

    def writable(self, row):
        """The stored fields that a role can write."""
        stored = [name for name in row._fields if _is_stored(row, name)]
        if not row.has_access("write"):
            # Else no field goes, whichever it is.
            return {name for name in stored[:1] if self.goes(_writing(row, name))}
        return {name for name in stored if self.goes(_writing(row, name))}

    # ------------------------------------------------------------------ tests
    def test_each_role_has_the_rights_of_the_page(self):
        heads = list(GROUPS)
        page = {
            row[0].strip("`"): dict(zip(heads, row[1:], strict=False))
            for row in table("Rows")
        }
        wrong = []
        for model in self.ours():
            said = page.get(model, {})
            for role in self.roles:
                found = self.rights(model, role) or "–"
                if found != said.get(role):
                    wrong.append((model, role, found, said.get(role)))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def test_people_write_only_the_fields_of_the_page(self):
        page = {row[0].strip("`"): row[1:] for row in table("Fields that people write")}
        wrong = []
        for model in self.ours():
            row = self.sample(model)
            manager = self.writable(self.as_role(row, "manager"))
            admin = self.writable(self.as_role(row, "administrator"))
            said = page.get(model, ["", ""])
            settings = set()
            if "settings" in said[0]:
                own = row._fields.values()
                settings = {one.name for one in own if not one.readonly}
                settings -= row._qbo_admins
                settings &= {name for name in row._fields if _is_stored(row, name)}
            known = names(said[0]) | settings
            if manager - known or admin - known != names(said[1]):
                wrong.append((model, sorted(manager), sorted(admin - manager)))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def test_each_public_method_is_for_the_roles_of_the_page(self):
        page = defaultdict(list)
        for methods, of, role, right in table("Methods"):
            for method in names(methods):
                page[method].append((names(of), role, right))
        wrong = []
        for model, method in self.methods():
            rows = [row for row in page[method] if not row[0] or model in row[0]]
            exact = [row for row in rows if row[0]] or rows
            if len(exact) != 1:
                wrong.append((model, method, "no row, or several"))
                continue
            wrong += self._wrong(model, method, *exact[0][1:])
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def _wrong(self, model, method, least, right):
        for role, user in self.roles.items():
            row = self.as_role(self.sample(model), role)
            allowed = user.has_group(GROUPS[least])
            for one in right.split(", "):
                operation, _of, other = one.partition(" of ")
                target = row.env[other.strip("`")] if other else row
                allowed = allowed and target.has_access(operation)
            if self.goes(getattr(row, method)) != allowed:
                yield model, method, role, "allowed" if allowed else "not refused"

    def test_the_page_names_nothing_that_is_not_there(self):
        said = {row[0].strip("`") for row in table("Rows")}
        self.assertLessEqual({one for one in said if one in self.env}, set(self.ours()))


def no(not_found=""):
    raise AccessError(not_found)


def _is_stored(row, name):
    field = row._fields[name]
    mail = (field._module or "mail") == "mail"
    return field.store and field.type != "one2many" and not mail


def _writing(row, name):
    value = row.sudo()._fields[name].convert_to_write(row.sudo()[name], row.sudo())
    return lambda: row.write({name: value})
