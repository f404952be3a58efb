"""Files: uploaded in a multipart body, downloaded by a temporary address."""

import base64
import re

from .catalog import ENTITIES
from .engine import save
from .errors import Fault, not_found
from .http import Response
from .values import loads, stamp_ms

LIMIT = 100 * 1024 * 1024
TYPES = (
    "ai csv doc docx eps gif jpeg jpg ods pdf png rtf tif txt xls xlsx xml"
).split()


def upload(company, request, rest):
    """``POST upload``: one Attachable for each pair of metadata and content."""
    parts = multipart(request)
    answers = []
    for name in sorted(parts):
        if name.startswith("file_content_"):
            meta = parts.get(name.replace("content", "metadata"))
            answers.append(one_file(company, meta, parts[name]))
    if not answers:
        raise Fault(6040, "No file content in the request", "file_content")
    return {"AttachableResponse": answers}


def one_file(company, meta, content):
    """Store a file; its fault stays its own."""
    try:
        with company.store.transaction():
            return {"Attachable": store_file(company, meta, content)}
    except Fault as fault:
        return {"Fault": fault.body()}


def store_file(company, meta, content):
    """The Attachable of a file and the bytes."""
    head, data = content
    body = loads(meta[1].decode("utf-8")) if meta else {}
    body.setdefault("FileName", file_name(head))
    if body.get("FileName", "").rpartition(".")[2].lower() not in TYPES:
        raise Fault(6041, "This type of file cannot be uploaded", "FileName")
    if "base64" in head.get("content-transfer-encoding", "").lower():
        data = base64.b64decode(data)
    if len(data) > LIMIT:
        raise Fault(6041, "The file is larger than 100 MB", "FileName")
    kind = body.setdefault("ContentType", head.get("content-type", "text/plain"))
    doc = save(company, ENTITIES["Attachable"], body)
    doc["Size"] = len(data)
    company.keep("Attachable", doc)
    company.store.run(
        "INSERT INTO files VALUES (?,?,?,?)", company.realm, doc["Id"], data, kind
    )
    return company.render("Attachable", doc)


def file_name(head):
    """The name in a part's Content-Disposition."""
    found = re.search(r'filename="([^"]*)"', head.get("content-disposition", ""))
    return found.group(1) if found else ""


def multipart(request):
    """{part name: (headers, bytes)}; line ends may be CRLF or LF."""
    found = re.search(r'boundary="?([^";]+)"?', request.headers.get("content-type", ""))
    if not found:
        raise Fault(6040, "The request is not multipart/form-data", "")
    parts = {}
    fence = rb"\r?\n?--" + re.escape(found.group(1).encode())
    for chunk in re.split(fence, request.body)[1:]:
        head, *rest = re.split(rb"\r?\n\r?\n", chunk.lstrip(b"\r\n"), maxsplit=1)
        headers, data = parse_head(head), b"".join(rest)
        name = re.search(r'name="([^"]*)"', headers.get("content-disposition", ""))
        if name:
            parts[name.group(1)] = (headers, data)
    return parts


def parse_head(head):
    """A part's headers, names in lower case."""
    headers = {}
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


def download(company, request, rest):
    """``GET download/<id>``: the temporary address, as text."""
    doc = company.get("Attachable", rest[1] if len(rest) > 1 else "")
    if doc is None or doc.get("Size") is None:
        raise not_found("transaction")
    doc = company.render("Attachable", doc)
    return Response(200, doc["TempDownloadUri"].encode(), "text/plain")


def serve(app, path):
    """The bytes behind a temporary address."""
    _, _, realm, oid = (path.split("/") + ["", ""])[:4]
    row = app.store.one(
        "SELECT content, type FROM files WHERE realm=? AND id=?", realm, oid
    )
    if row is None:
        return Response(404, stamp_ms(app.now()).encode(), "text/plain")
    return Response(200, bytes(row[0]), row[1])
