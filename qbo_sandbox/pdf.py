"""A document on one plain PDF page, with nothing but the standard library."""


def render(entity, doc):
    """PDF bytes: title, partner, lines, total."""
    party = (doc.get("CustomerRef") or doc.get("VendorRef") or {}).get("name", "")
    lines = [
        f"{entity} {doc.get('DocNumber') or doc['Id']}",
        party,
        f"Date {doc.get('TxnDate', '')}",
        "",
    ]
    for line in doc.get("Line", []):
        lines.append(
            f"{line.get('Description') or line.get('DetailType')}"
            f"   {line.get('Amount', '')}"
        )
    lines.append(f"Total {doc.get('TotalAmt', '')}")
    return pdf(lines)


def pdf(lines):
    """One page of text lines."""
    text = "\n".join(f"({escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 60 760 Td {text} ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return assemble(objects)


def escaped(text):
    """Text safe inside a PDF string."""
    return str(text).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def assemble(objects):
    """Objects with the cross-reference table."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%s"
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(data))
    )
