"""Addresses of the pages."""

from ..http import Response
from . import books, documents, lists, log
from .html import page, table, text

# QuickBooks' deep links: page name -> entity
DOCUMENTS = {
    "invoice": "Invoice",
    "salesreceipt": "SalesReceipt",
    "estimate": "Estimate",
    "creditmemo": "CreditMemo",
    "refundreceipt": "RefundReceipt",
    "recvpayment": "Payment",
    "purchaseorder": "PurchaseOrder",
    "bill": "Bill",
    "billpayment": "BillPayment",
    "expense": "Purchase",
    "vendorcredit": "VendorCredit",
    "journal": "JournalEntry",
    "deposit": "Deposit",
    "inventoryadjustment": "InventoryAdjustment",
}
PARTIES = {"customerdetail": "Customer", "vendordetail": "Vendor"}
PAGES = {
    "customers": lists.customers,
    "vendors": lists.vendors,
    "items": lists.items,
    "invoices": lists.sales,
    "sales": lists.sales,
    "purchaseorders": lists.purchases,
    "purchases": lists.purchases,
    "payments": lists.payments,
    "accounts": books.accounts,
    "account": books.account,
    "reports": books.report_list,
    "report": books.report,
    "log": log.requests,
    "settings": log.settings,
}


def handle(app, request):
    """Answer a page request."""
    parts = request.path.strip("/").split("/")
    if parts == [""]:
        return Response.html(home(app))
    company = chosen(app, request)
    if parts[0] != "app" or len(parts) != 2 or company is None:
        return Response.html(page("Not found", ""), 404)
    return show(app, company, request, parts[1])


def show(app, company, request, name):
    """One page of a company."""
    if name in DOCUMENTS:
        return documents.page_of(company, request, DOCUMENTS[name])
    if name in PARTIES:
        return lists.party(company, request, PARTIES[name])
    if name in PAGES:
        return PAGES[name](company, request)
    return Response.html(page("Not found", "", company), 404)


def chosen(app, request):
    """The company a link names (deeplinkcompanyid or realm), else the first."""
    realm = request.query.get("deeplinkcompanyid") or request.query.get("realm")
    if realm:
        return app.companies.get(realm)
    return next(iter(app.companies.values()), None)


def home(app):
    """The companies and how to reach this server."""
    rows = []
    for company in app.companies.values():
        count = app.counts.get(company.realm, {})
        rows.append(
            [
                f'<a href="/app/invoices?deeplinkcompanyid={company.realm}">'
                f"{text(company.name)}</a>",
                company.realm,
                company.kind.upper(),
                count.get("reads", 0),
                count.get("writes", 0),
            ]
        )
    lead = (
        "<p>A QuickBooks Online of your own. Its API, its sign-in and its books work "
        "as Intuit's do; nothing leaves this machine.</p>"
    )
    extra = (
        f"<h2>For developers</h2><p>Client id <code>{text(app.oauth.client_id)}</code>"
        "<br>Discovery <a href='/.well-known/openid_sandbox_configuration'>"
        "/.well-known/openid_sandbox_configuration</a><br>Knobs "
        "<a href='/_admin/knobs'>/_admin/knobs</a>, faults "
        "<a href='/_admin/faults'>/_admin/faults</a></p>"
    )
    heads = ("Company", "Realm", "Kind", "Reads", "Writes")
    return page("Companies", lead + table(heads, rows, (3, 4)) + extra)
