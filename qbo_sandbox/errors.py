"""QuickBooks' faults: one exception, three envelopes, one table of messages."""

MESSAGES = {
    "100": "Authentication Failure",
    "120": "Authorization Failure",
    "500": "Unsupported Operation",
    "600": "Duplicate Request ID",
    "610": "Object Not Found",
    "620": "Transaction cannot be linked",
    "1040": "Batch size exceeds allowed limit",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2040": "Invalid String. The string contains invalid characters",
    "2050": "String length is either shorter or longer than supported by specification",
    "2060": "Invalid Date Format",
    "2080": "Invalid Number Format",
    "2100": "Invalid Decimal Format",
    "2120": "Invalid Type",
    "2130": "Invalid Request Id Format",
    "2170": "Invalid Enumeration",
    "2210": "Invalid Email Address format",
    "2230": "Invalid Boolean",
    "2250": "Missing Lines",
    "2260": "Missing Posting Type",
    "2290": "Negative amount is not allowed",
    "2300": "Total debits do not equal total credits",
    "2410": "Curreny, ExchangeRate is missing.",
    "2500": "Invalid Reference Id",
    "3001": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
    "3100": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
    "3200": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "5010": "Stale Object Error",
    "5020": "Permission Denied Error",
    "5030": "Feature Not Supported Error",
    "6000": "A business validation error has occurred while processing your request",
    "6010": "Account type or sub-type required",
    "6040": "Attachment metadata required",
    "6041": "Invalid file",
    "6050": "Reference type not supported",
    "6070": "Amount calculation incorrect in the request",
    "6080": "Name not provided",
    "6090": "Discount line incomplete",
    "6100": "Invalid tax code",
    "6140": "Duplicate Document Number Error",
    "6150": "ParentRef Required Error",
    "6160": "Tax code not allowed",
    "6170": "Tax detail not allowed",
    "6180": "Too many levels",
    "6190": "Invalid Company Status",
    "6210": "Account Period Closed",
    "6220": "Cannot delete: it has a balance",
    "6240": "Duplicate Name Exists Error",
    "6250": "Invalid customer",
    "6270": "Inventory start date is later than the transaction date",
    "6430": "Invalid account type",
    "6440": "Transaction detail information required",
    "6480": "Cannot delete a matched transaction",
    "6540": "Deposited Transaction cannot be changed",
    "10000": "An application error has occurred while processing your request",
}

GATEWAY_EMPTY = {
    "warnings": None,
    "intuitObject": None,
    "report": None,
    "queryResponse": None,
    "batchItemResponse": [],
    "attachableResponse": [],
    "syncErrorResponse": None,
    "requestId": None,
    "status": None,
    "cdcresponse": [],
}


class Fault(Exception):
    """One thing QuickBooks refuses.

    ``code`` is text as on the wire; ``element`` names the field. ``kind`` is the
    fault's type (ValidationFault, SystemFault ...) and ``status`` the HTTP status.
    """

    def __init__(self, code, detail="", element=None, status=400, kind=None, **more):
        self.code, self.detail, self.element = str(code), detail, element
        self.status = status
        self.kind = kind or ("SystemFault" if status == 500 else "ValidationFault")
        self.message = more.get("message") or MESSAGES.get(self.code, "Error")
        self.retry_after = more.get("retry_after")
        super().__init__(f"{self.code} {self.message}: {detail}")

    def body(self):
        """The ``Fault`` object as it stands in answers and in batch items."""
        error = {"Message": self.message, "Detail": self.detail, "code": self.code}
        if self.element is not None:
            error["element"] = self.element
        return {"Error": [error], "type": self.kind}

    def envelope(self, time_text, epoch_ms, lower=(401, 403, 429)):
        """Whole answer body; the gateway (401, 403, 429) writes lower case."""
        if self.status in lower:
            return {"fault": self.gateway(), **GATEWAY_EMPTY, "time": epoch_ms}
        return {"Fault": self.body(), "time": time_text}

    def gateway(self):
        """The lower-case ``fault`` of the gateway."""
        error = {
            "message": self.message,
            "detail": self.detail or None,
            "code": self.code,
            "element": self.element,
        }
        return {"error": [error], "type": self.kind}


def unauthenticated(detail="Token expired"):
    """401 3200: token unknown, expired or revoked."""
    return Fault(3200, detail, status=401, kind="AUTHENTICATION")


def forbidden():
    """403 3100: a token of another company, or the app was disconnected."""
    return Fault(3100, None, status=403, kind="SERVICE")


def throttled(retry_after=None):
    """429 003001: over one of the limits."""
    detail = "The request limit was reached."
    return Fault(3001, detail, status=429, kind="SERVICE", retry_after=retry_after)


def lapsed():
    """6190: nothing can be written without a subscription."""
    return Fault(
        6190,
        "Subscription period has ended or canceled or there was a billing "
        "problem. You can't add data to QuickBooks.",
    )


def required(name, code=2020):
    """A mandatory field is missing."""
    return Fault(code, f"Required parameter {name} is missing in the request", name)


def not_found(what="transaction"):
    """610 for an id that never was or is gone."""
    gone = {
        "transaction": "Another user has deleted this transaction.",
        "list": "Something you're trying to use has been made inactive. Check the "
        "fields with accounts, customers, items, vendors or employees.",
    }
    return Fault(610, f"Object Not Found : {gone.get(what, what)}", "")


def business(detail):
    """6000 with QuickBooks' own words."""
    return Fault(6000, f"Business Validation Error: {detail}", "")
