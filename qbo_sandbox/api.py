"""The Accounting API: paths to operations, answers to envelopes."""

import re
import time

from . import attachments, batch, cdc, reports, special
from .catalog import BY_PATH
from .engine import delete, save, void
from .errors import Fault, forbidden, lapsed
from .http import Response
from .limits import pause
from .replays import keep, replay
from .search import query, read
from .trouble import afterwards, instead
from .values import dumps, loads, stamp_ms

GATEWAY = (401, 403, 429)  # statuses whose faults come in lower case
QUERIED = re.compile(r"\bfrom\s+(\w+)", re.I)
READS = ("query", "read", "cdc", "report", "download", "pdf")


def handle(app, request, tid):
    """Answer one API request, with whatever trouble was ordered for it."""
    started, facts = time.monotonic(), describe(request)
    call = Call(app, request, facts, tid)
    try:
        response = call.answer()
    except Fault as fault:
        response = refused(app, fault)
    app.log(call.entry(response, started))
    return response


def describe(request):
    """{realm, entity, operation ...} of a request, for logs and trouble."""
    parts = request.path.strip("/").split("/")
    realm = parts[2] if len(parts) > 2 else ""
    rest = parts[3:]
    facts = {
        "method": request.method,
        "path": request.path,
        "realm": realm,
        "rest": rest,
        "entity": "",
        "operation": "",
        "queried": "",
    }
    name = rest[0].lower() if rest else ""
    entity = BY_PATH.get(name)
    facts["entity"] = entity.name if entity else name
    facts["operation"] = operation(request, rest, entity)
    if facts["operation"] == "query":
        asked = QUERIED.search(statement(request))
        facts["queried"] = asked[1] if asked else ""
    return facts


def statement(request):
    """The text of a query, in the body or in the address."""
    if request.method == "POST":
        return request.body.decode("utf-8", "replace")
    return request.query.get("query", "")


def operation(request, rest, entity):
    """query, read, create, update, delete, void, batch, cdc, report ..."""
    name = rest[0].lower() if rest else ""
    if name in ("query", "batch", "cdc", "upload", "download"):
        return name
    if name == "reports":
        return "report"
    if len(rest) > 2:
        return rest[2].lower()
    if request.method == "GET":
        return "read"
    if request.query.get("operation") in ("delete", "void"):
        return request.query["operation"]
    if "void" in request.query.get("include", "").split(","):
        return "void"
    return "write"


class Call:
    """One API request on its way."""

    def __init__(self, app, request, facts, tid):
        self.app, self.request, self.facts, self.tid = app, request, facts, tid
        self.body, self.reads, self.writes = None, 0, 0
        self.replayed = False

    def answer(self):
        """Gate, trouble, then the operation itself."""
        app, facts = self.app, self.facts
        trouble = app.trouble.take(facts) if app.trouble.queue else None
        done, response = instead(app, trouble, facts["realm"])
        if done:
            return response
        with app.store.lock:
            app.oauth.authorize(self.request, facts["realm"])
            app.limits.check(facts["realm"], facts["operation"] == "batch")
            company = app.companies.get(facts["realm"])
            if company is None:
                raise forbidden()
            response = self.process(company)
        pause(company, facts, self.body)
        return afterwards(trouble, response)

    def process(self, company):
        """Perform in one transaction; a requestid seen before is replayed."""
        self.parse()
        self.count()
        if self.writes and company.knob("subscription") == "lapsed":
            raise lapsed()
        key = self.request.query.get("requestid")
        if key and self.request.method == "POST":
            return self.once(company, key)
        return self.perform(company)

    def once(self, company, key):
        """The first answer again, or the operation and its answer kept."""
        key = self.request_key(key)
        row = company.store.one(
            "SELECT status, body FROM replays WHERE realm=? AND requestid=?",
            company.realm,
            key,
        )
        if row:
            self.replayed = True
            return replay(company, row, self.request.body)
        with company.store.transaction():
            response = self.guarded(company)
            if response.status == 200 or company.knob("replay_faults"):
                keep(company, key, response, self.request.body)
        return response

    def request_key(self, key):
        """What a repetition is known by: the requestid, in a batch with the bIds."""
        batched = self.facts["operation"] == "batch"
        limit = 36 if batched else 50
        if len(key) > limit:
            raise Fault(2130, f"Invalid Request Id : longer than {limit}", "requestid")
        if not batched or not isinstance(self.body, dict):
            return key
        names = [str(one.get("bId")) for one in self.body.get("BatchItemRequest") or []]
        if any(len(name) > 10 for name in names):
            raise Fault(2130, "Invalid Request Id : bId longer than 10", "bId")
        return "|".join([key, *names])

    def guarded(self, company):
        """As perform, but a fault becomes an answer (its writes are undone)."""
        try:
            return self.perform(company)
        except Fault as fault:
            return refused(self.app, fault)

    def perform(self, company):
        """The operation inside a transaction."""
        try:
            with company.store.transaction():
                result = self.dispatch(company)
        except Exception:
            company.cache.clear()  # it may hold what was just undone
            raise
        if isinstance(result, Response):
            return result
        return answer(company, result, self.request)

    def dispatch(self, company):
        """The function for the operation."""
        how, request = self.facts["operation"], self.request
        if how == "query":
            return {"QueryResponse": query(company, statement(self.request))}
        if how == "batch":
            return {"BatchItemResponse": batch.run(company, self.body)}
        if how == "cdc":
            return cdc.run(company, request.query)
        if how == "report":
            return reports.run(company, self.facts["rest"][1:], request.query)
        if how in ("upload", "download"):
            return getattr(attachments, how)(company, request, self.facts["rest"])
        found = special.find(self.facts["rest"])
        if found:
            return found(company, request, self.body, self.facts["rest"])
        return self.crud(company, how)

    def crud(self, company, how):
        """Read, create, update, delete, void of an entity."""
        entity = (
            BY_PATH.get(self.facts["rest"][0].lower()) if self.facts["rest"] else None
        )
        if entity is None:
            raise Fault(
                500, f"Unsupported operation: {self.facts['path']}", "", status=404
            )
        rest, params = self.facts["rest"], self.request.query
        if how == "read":
            oid = rest[1] if len(rest) > 1 else "1"
            return {
                entity.name: special.extra(entity, read(company, entity, oid), params)
            }
        if not isinstance(self.body, dict):
            raise Fault(2010, "Property Name: failed to parse json object", "")
        action = {"delete": delete, "void": void}.get(how, save)
        done = action(company, entity, self.body, params)
        if how != "delete":
            done = company.render(entity.name, done)
        return {entity.name: done}

    def parse(self):
        """The JSON body, if there is to be one."""
        if self.request.method != "POST" or self.facts["operation"] in (
            "query",
            "upload",
            "send",
        ):
            return
        try:
            self.body = (
                loads(self.request.body.decode("utf-8"))
                if (self.request.body)
                else None
            )
        except UnicodeDecodeError:
            raise Fault(
                500, "Invalid byte 1 of 1-byte UTF-8 sequence.", "", status=500
            ) from None
        except ValueError:
            raise Fault(
                2010,
                "Property Name: failed to parse json object; a property "
                "specified is unsupported or invalid",
                "",
            ) from None

    def count(self):
        """Reads and writes as Intuit's metering sees them (a batch by its items)."""
        if self.facts["operation"] == "batch" and isinstance(self.body, dict):
            items = self.body.get("BatchItemRequest") or []
            self.reads = sum("Query" in item for item in items)
            self.writes = len(items) - self.reads
        else:
            read_only = self.facts["operation"] in READS
            self.reads, self.writes = int(read_only), int(not read_only)

    def entry(self, response, started):
        """The request log's row."""
        return {
            "time": stamp_ms(self.app.now()),
            "realm": self.facts["realm"],
            "method": self.request.method,
            "path": self.request.target,
            "entity": self.facts["entity"],
            "operation": self.facts["operation"],
            "reads": self.reads,
            "writes": self.writes,
            "replayed": self.replayed,
            "status": response.status if response else 0,
            "intuit_tid": self.tid,
            "request_id": self.request.query.get("requestid", ""),
            "ms": round((time.monotonic() - started) * 1000, 1),
            "request": self.request.body[:4000].decode("utf-8", "replace"),
            "response": (response.body if response else b"")[:4000].decode(
                "utf-8", "replace"
            ),
        }


def answer(company, result, request):
    """200 with the ``time``; XML if nobody asked for JSON."""
    from .xml import wants_xml, xml_response

    body = {**result, "time": stamp_ms(company.now())}
    if wants_xml(company, request):
        return xml_response(body)
    return Response(200, dumps(body).encode(), headers={"QBO-Version": "1994.116"})


def refused(app, fault):
    """The fault's envelope."""
    now = app.now()
    lower = (401, 403) if app.knobs.get("throttle_envelope") == "capital" else GATEWAY
    body = fault.envelope(stamp_ms(now), int(now * 1000), lower)
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    return Response(fault.status, dumps(body).encode(), headers=headers)
