"""The fault table itself: codes, kind, title, cause, fix.

Codes and meanings: Intuit's published error list, and what integrators
measured. Kinds: ``wait``, ``fix``, ``reconnect``, ``bug``.
"""

from .fault_rows_business import BUSINESS


def _(text):
    """Mark a text for translation; the layer that shows it translates it."""
    return text


_CONNECT = _(
    "Ask an administrator to open Settings > QuickBooks and press Connect. "
    "What is waiting is sent afterwards by itself."
)
_REPORT = _(
    "Ask an administrator to open the sync log and report the entry: "
    "the connector has to be corrected."
)
_NONE = _("Nothing to do: it is tried again by itself.")

GENERIC = (
    "fix",
    _("QuickBooks refused this"),
    _("It breaks a rule of QuickBooks. QuickBooks' own words are shown below."),
    _("Correct what QuickBooks names, then press Retry."),
)

ACCESS = [
    (
        "3200 3202 100 110",
        "reconnect",
        _("The connection to QuickBooks is no longer valid"),
        _("QuickBooks does not accept the connection's key any more."),
        _CONNECT,
    ),
    (
        "120",
        "reconnect",
        _("The QuickBooks user lost the right to this company"),
        _(
            "The person who connected QuickBooks is no longer an administrator "
            "of the QuickBooks company."
        ),
        _(
            "Give that person administrator rights in QuickBooks again, or let "
            "another QuickBooks administrator press Connect in Settings > QuickBooks."
        ),
    ),
    (
        "130 3100",
        "reconnect",
        _("QuickBooks does not know this connection"),
        _(
            "The app was disconnected in QuickBooks, or its keys belong to another "
            "environment or company."
        ),
        _(
            "Ask an administrator to check client ID, secret and environment in "
            "Settings > QuickBooks and to press Connect."
        ),
    ),
    (
        "140",
        "wait",
        _("The QuickBooks company is locked"),
        _("QuickBooks has locked the company for a moment, for example for a backup."),
        _NONE,
    ),
    (
        "150",
        "wait",
        _("QuickBooks is under maintenance"),
        _("QuickBooks is being serviced."),
        _NONE,
    ),
    (
        "3001",
        "wait",
        _("QuickBooks asks us to slow down"),
        _("QuickBooks takes a limited number of requests a minute."),
        _NONE,
    ),
    (
        "6190",
        "wait",
        _("The QuickBooks subscription is not active"),
        _("The QuickBooks company's subscription has ended or has a billing problem."),
        _(
            "Renew the subscription or correct the billing in QuickBooks. What is "
            "waiting is sent afterwards by itself."
        ),
    ),
    (
        "10200",
        "wait",
        _("The QuickBooks company is being reset"),
        _("QuickBooks is resetting the company's data."),
        _("Check in QuickBooks that this reset was wanted."),
    ),
    (
        "0 1000 1010 1020 10000",
        "wait",
        _("QuickBooks had a problem of its own"),
        _("QuickBooks could not finish the request and gave no reason."),
        _NONE,
    ),
    (
        # Our own retry can overtake the first attempt that QBO still works on.
        "600",
        "wait",
        _("QuickBooks is still working on this"),
        _("QuickBooks has received this request already."),
        _NONE,
    ),
    (
        "invalid_grant",
        "reconnect",
        _("The connection to QuickBooks has ended"),
        _("It was disconnected in QuickBooks, was not used for 100 days, or expired."),
        _CONNECT,
    ),
    (
        "invalid_client unauthorized_client",
        "fix",
        _("QuickBooks does not accept the client ID or secret"),
        _(
            "Client ID and secret do not match, or they are those of the other "
            "environment (development keys for a real company, or the reverse)."
        ),
        _(
            "Copy both again from the app's Keys page at developer.intuit.com into "
            "Settings > QuickBooks, for the environment chosen there."
        ),
    ),
    (
        "invalid_request invalid_scope unsupported_grant_type",
        "fix",
        _("QuickBooks refused the connection request"),
        _("The redirect address or the permissions do not match the app's settings."),
        _(
            "Add the redirect address shown in Settings > QuickBooks to the app's "
            "Redirect URIs at developer.intuit.com, then press Connect."
        ),
    ),
    (
        "access_denied",
        "reconnect",
        _("The connection was not allowed"),
        _("Somebody pressed Cancel on QuickBooks' consent page."),
        _CONNECT,
    ),
]

BUGS = [
    (
        "500 2000 2010 2020 2030 2060 2080 2090 2100 2110 2120 2130 2170 2180 2190 "
        "2230 2240 2260 2600 4000 4001 4002 5000 6020 6180 10100",
        "bug",
        _("QuickBooks did not understand the request"),
        _("The connector sent something QuickBooks does not support."),
        _REPORT,
    ),
    (
        "1040 1050",
        "bug",
        _("Too much in one request"),
        _("The connector sent more in one request than QuickBooks takes."),
        _REPORT,
    ),
]

ROWS = ACCESS + BUGS + BUSINESS

HTTP = [
    (
        500,
        "wait",
        _("QuickBooks can't be reached"),
        _("QuickBooks gave no usable answer. It may be down, or the network is."),
        _NONE,
    ),
    (
        401,
        "reconnect",
        _("The connection to QuickBooks is no longer valid"),
        _("QuickBooks does not accept the connection's key any more."),
        _CONNECT,
    ),
    (
        403,
        "reconnect",
        _("QuickBooks does not allow this connection"),
        _("The app or the person who connected it may not use this company."),
        _CONNECT,
    ),
    (
        404,
        "bug",
        _("QuickBooks does not know this address"),
        _("The address of the service or the company's number is wrong."),
        _("Ask an administrator to check the address in Settings > QuickBooks."),
    ),
    (
        429,
        "wait",
        _("QuickBooks asks us to slow down"),
        _("QuickBooks takes a limited number of requests a minute."),
        _NONE,
    ),
]

# Codes that QBO uses for several things: a part of its text tells them apart.
HINTS = [
    (
        "610",
        r"deleted this transaction",
        "fix",
        _("Deleted in QuickBooks"),
        _("Somebody deleted this document in QuickBooks."),
        _("Decide whether it is to be sent again, then press Retry."),
    ),
    (
        "6000",
        r"foreign currency",
        "fix",
        _("Wrong currency"),
        _("The customer or vendor has another currency in QuickBooks."),
        _("Use a customer or vendor of the document's currency, then press Retry."),
    ),
    (
        "6000",
        r"transaction amount",
        "fix",
        _("No amount"),
        _("QuickBooks needs an amount on this document."),
        _("Enter an amount on at least one line, then press Retry."),
    ),
    (
        "6000",
        r"(GST|HST|VAT|tax) rate before you save",
        "fix",
        _("Tax is missing on a line"),
        _("QuickBooks needs a tax on each line."),
        _("Set a tax that is mapped to QuickBooks on each line, then press Retry."),
    ),
]
