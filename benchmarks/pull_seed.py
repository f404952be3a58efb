"""What the way back is measured with: lists in QuickBooks, and products in Odoo."""

from dev.quickbooks import Books

from .pull_stage import Odoo

SUBS_OF_ONE = 50
CATEGORIES = 50


def lists(books: Books, accounts: dict, items: int, customers: int) -> None:
    """Fill QuickBooks as a company that has worked with it for years.

    A tenth of the customers are sub-customers; the items are in categories.
    """
    subs = customers // 10
    shops = customers - subs
    first = books.many("Customer", _customer(), shops)
    for number in range(0, subs, SUBS_OF_ONE):
        parent = {"Job": True, "ParentRef": {"value": str(first + number)}}
        count = min(SUBS_OF_ONE, subs - number)
        books.many("Customer", _customer() | parent, count, shops + number + 1)
    groups = min(CATEGORIES, items)
    category = books.many("Item", {"Name": "Range {n}", "Type": "Category"}, groups)
    for number in range(groups):
        start, end = (items * part // groups for part in (number, number + 1))
        place = {"SubItem": True, "ParentRef": {"value": str(category + number)}}
        books.many("Item", _item(accounts) | place, end - start, start + 1)


def linked_items(odoo: Odoo, count: int, differing: int) -> None:
    """Items of both sides, linked; the first ones have a quantity in QuickBooks only.

    Odoo's are copies of one product, made past it: that isn't what is measured.
    """
    item = _item(odoo.accounts())
    stocked = [_numbered(item, n) | {"QtyOnHand": 5} for n in range(1, differing + 1)]
    odoo.make("Item", stocked)
    first = odoo.books.many("Item", item, count - differing, differing + 1) - differing
    with odoo.env() as env:
        facts = {"name": "Item", "type": "consu", "is_storable": True}
        product = env["product.product"].create({**facts, "standard_price": 4.5})
        backend = env["qbo.backend"].browse(odoo.backend)
        values = {"Id": str(first), "SyncToken": "0"}
        link = env["qbo.binding"]._link(backend, "Item", [(product, values)])
        env.flush_all()
        more = range(1, count)
        template = product.product_tmpl_id
        templates = _copies(env.cr, template, sequence=list(more))
        products = _copies(env.cr, product, product_tmpl_id=templates)
        ids = [str(first + number) for number in more]
        _copies(env.cr, link, res_id=products, qbo_id=ids)
        for table in ("product_template", "product_product", "qbo_binding"):
            env.cr.execute(f"ANALYZE {table}")  # as a database does by itself in time


def _copies(cr, record, **columns: list) -> list[int]:
    """Copy a row as often as the columns have values; return the new ids."""
    table = record._table
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )
    kept = [name for (name,) in cr.fetchall() if name not in columns]
    into = ", ".join(f'"{name}"' for name in [*kept, *columns])
    what = ", ".join([*(f'source."{name}"' for name in kept), "given.*"])
    arrays = ", ".join("%s" for _column in columns)
    cr.execute(
        f"INSERT INTO {table} ({into}) SELECT {what}"
        f" FROM {table} source, unnest({arrays}) given"
        " WHERE source.id = %s RETURNING id",
        [*columns.values(), record.id],
    )
    return [oid for (oid,) in cr.fetchall()]


def _numbered(body: dict, number: int) -> dict:
    return {
        name: value.replace("{n}", str(number)) if isinstance(value, str) else value
        for name, value in body.items()
    }


def _customer() -> dict:
    return {
        "DisplayName": "Customer {n}",
        "CompanyName": "Customer {n} Inc.",
        "PrimaryEmailAddr": {"Address": "c{n}@bench.example"},
        "PrimaryPhone": {"FreeFormNumber": "+1 650 555 0100"},
        "BillAddr": {
            "Line1": "{n} Main Street",
            "City": "Wichita",
            "CountrySubDivisionCode": "KS",
            "PostalCode": "67202",
            "Country": "USA",
        },
    }


def _item(accounts: dict[str, str]) -> dict:
    refs = {
        f"{name.title()}AccountRef": {"value": qbo_id}
        for name, qbo_id in accounts.items()
    }
    return {
        "Name": "Item {n}",
        "Sku": "BENCH-{n}",
        "Type": "Inventory",
        "Description": "What item {n} is good for",
        "TrackQtyOnHand": True,
        "QtyOnHand": 0,
        "InvStartDate": "2020-01-01",
        "UnitPrice": 9.99,
        "PurchaseCost": 4.5,
        **refs,
    }
