"""A small bar chart of the figures, as SVG."""

from html import escape

WIDTH, LEFT, BAR, GAP = 720, 210, 22, 8
COLORS = ("#2ca01c", "#8d9096", "#c1c4c8")  # QuickBooks' green, greys
STYLE = "font-family='system-ui, sans-serif' font-size='13' fill='#222'"


def chart(found: dict) -> str:
    """Return the drawing: minutes for 1,000 orders, and calls an order."""
    rivals = found["rivals"]
    names = ("this connector", "one by one", "looking all up first")
    backlog = found["backlog"]
    ours = backlog["seconds"] / backlog["orders"] * 1000
    minutes = [
        seconds / 60
        for seconds in (
            ours,
            rivals["serial"]["backlog_seconds"],
            rivals["look_ups"]["backlog_seconds"],
        )
    ]
    calls = [
        found["calls"]["sale"]["requests"],
        rivals["serial"]["requests"],
        rivals["look_ups"]["requests"],
    ]
    parts, top = [], 10
    for title, values in (
        ("1,000 orders at QuickBooks' own pace (minutes)", minutes),
        ("calls to QuickBooks an order", calls),
    ):
        parts += _group(title, names, values, top)
        top += 40 + len(values) * (BAR + GAP)
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{top}'"
            f" viewBox='0 0 {WIDTH} {top}' {STYLE}>",
            "<rect width='100%' height='100%' fill='#fff'/>",
            *parts,
            "</svg>",
        ]
    )


def _group(title: str, names: tuple, values: list, top: int) -> list[str]:
    scale = (WIDTH - LEFT - 70) / max(values)
    parts = [f"<text x='12' y='{top + 14}' font-weight='bold'>{escape(title)}</text>"]
    rows = zip(names, values, COLORS, strict=True)
    for number, (name, value, color) in enumerate(rows):
        y = top + 26 + number * (BAR + GAP)
        length = max(value * scale, 2)
        parts += [
            f"<text x='{LEFT - 10}' y='{y + 16}' text-anchor='end'>"
            f"{escape(name)}</text>",
            f"<rect x='{LEFT}' y='{y}' width='{length:.0f}' height='{BAR}' rx='3'"
            f" fill='{color}'/>",
            f"<text x='{LEFT + length + 8:.0f}' y='{y + 16}'>{value:.1f}</text>",
        ]
    return parts
