"""The frame of every page and small pieces of HTML."""

from html import escape
from urllib.parse import urlencode

from ..values import dec

STYLE = """
:root{--ink:#1f2d3d;--line:#e3e7ec;--green:#2ca01c;--soft:#f5f7f9;--grey:#6b7886}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--soft)}
header{background:#fff;border-bottom:1px solid var(--line);padding:.8rem 1.5rem;
display:flex;gap:.2rem .9rem;align-items:baseline;flex-wrap:wrap}
header b{color:var(--green)}header a.on{border-bottom:2px solid var(--green)}
main{max-width:70rem;margin:1.5rem auto;padding:1.2rem 1.5rem;background:#fff;
border:1px solid var(--line);border-radius:8px}a{color:#0b6b3a;text-decoration:none}
h1{font-size:1.3rem;margin:.2rem 0 1rem}h2{font-size:1.05rem;margin:1.4rem 0 .5rem}
table{border-collapse:collapse;width:100%}
td,th{padding:.4rem .6rem;text-align:left;border-bottom:1px solid var(--line);
vertical-align:top}
th{color:var(--grey);font-size:.8rem;font-weight:600;text-transform:uppercase}
.n{text-align:right;font-variant-numeric:tabular-nums}.grey{color:var(--grey)}
.bad{color:#b3261e}
.tag{background:var(--soft);border:1px solid var(--line);border-radius:9px;
padding:.05rem .5rem;font-size:.8rem}
dl{display:grid;grid-template-columns:10rem 1fr;gap:.2rem}dt{color:var(--grey)}
dd{margin:0}
button,.button{background:var(--green);color:#fff;border:0;border-radius:5px;
padding:.45rem 1rem;font:inherit;cursor:pointer}
button.plain{background:#fff;color:var(--ink);border:1px solid #c5ccd4}
button.danger{background:#b3261e}
input,select,textarea{font:inherit;padding:.3rem .5rem;border:1px solid #c5ccd4;
border-radius:4px}form.inline{display:inline}
td form{white-space:nowrap}.right{float:right}
pre{white-space:pre-wrap;font-size:.8rem;background:var(--soft);padding:.6rem;
border-radius:5px}
"""
MENU = [
    ("customers", "Customers"),
    ("vendors", "Vendors"),
    ("items", "Items"),
    ("invoices", "Sales"),
    ("purchaseorders", "Purchases"),
    ("payments", "Payments"),
    ("accounts", "Accounts"),
    ("reports", "Reports"),
    ("log", "Request log"),
    ("settings", "Settings"),
]


def page(title, body, company=None, here=""):
    """A whole page."""
    menu = (
        "".join(
            f'<a href="{link(company, name)}"{on(name == here)}>{label}</a>'
            for name, label in MENU
        )
        if company
        else ""
    )
    name = f"<span>{text(company.name)}</span>" if company else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{text(title)} · local QuickBooks</title><style>{STYLE}</style></head>"
        f'<body><header><a href="/"><b>local QuickBooks</b></a>{name}{menu}</header>'
        f"<main><h1>{text(title)}</h1>{body}</main></body></html>"
    )


def on(here):
    """Class of the menu entry of this page."""
    return ' class="on"' if here else ""


def text(value):
    """Escaped text."""
    return escape(str("" if value is None else value))


def link(company, name, /, **params):
    """Address of a page of a company."""
    if company:
        params["deeplinkcompanyid"] = company.realm
    return f"/app/{name}?{urlencode(params)}"


def anchor(company, name, label, /, **params):
    """A link."""
    return f'<a href="{text(link(company, name, **params))}">{text(label)}</a>'


def money(value):
    """An amount with thousands separators."""
    return "" if value is None else f"{dec(value):,.2f}"


def table(heads, rows, numbers=()):
    """A table; cells are HTML already, ``numbers`` are right-aligned columns."""

    def cell(tag, column, value):
        kind = ' class="n"' if column in numbers else ""
        return f"<{tag}{kind}>{value}</{tag}>"

    head = "".join(cell("th", n, text(label)) for n, label in enumerate(heads))
    lines = [
        "".join(cell("td", n, value) for n, value in enumerate(row)) for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    empty = f'<tr><td class="grey" colspan="{len(heads)}">None yet</td></tr>'
    return f"<table><tr>{head}</tr>{body or empty}</table>"


def facts(pairs):
    """A definition list of what is known."""
    items = "".join(
        f"<dt>{text(name)}</dt><dd>{value}</dd>"
        for name, value in pairs
        if value not in ("", None)
    )
    return f"<dl>{items}</dl>"


def button(label, kind="", **fields):
    """A form with one button."""
    hidden = hidden_fields(fields)
    return (
        f'<form class="inline" method="post">{hidden}'
        f'<button class="{kind}">{text(label)}</button></form>'
    )


def hidden_fields(fields):
    """Hidden inputs of a form."""
    return "".join(
        f'<input type="hidden" name="{text(n)}" value="{text(v)}">'
        for n, v in fields.items()
    )
