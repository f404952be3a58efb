"""The body of an upload: what QBO is told of a file, and the file itself."""

import base64
from typing import NamedTuple

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from .money import to_json


class Body(NamedTuple):
    """content: what is sent; shown: the same for the log, without the content."""

    content: bytes
    content_type: str
    shown: str


def upload_body(attachable, data) -> Body:
    """One file with its metadata, as ``POST /upload`` takes it.

    attachable: of ``payloads.attachable``; data: the file's bytes.
    """
    metadata = to_json(attachable)
    name, kind = attachable["FileName"], attachable["ContentType"]
    about = RequestField("file_metadata_01", metadata.encode())
    about.make_multipart(content_type="application/json")
    file = RequestField("file_content_01", base64.b64encode(data), filename=name)
    file.make_multipart(content_type=kind)
    file.headers["Content-Transfer-Encoding"] = "base64"
    content, content_type = encode_multipart_formdata([about, file])
    return Body(content, content_type, f"{metadata}\n({name}: {len(data)} bytes)")
