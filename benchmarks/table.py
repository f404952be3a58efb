"""The figures as a table: ours, the two other ways, the target and whether it's met."""

from collections.abc import Iterator
from typing import NamedTuple


class Line(NamedTuple):
    """One row; texts as they are shown. ``met`` is None where there is no target."""

    name: str
    ours: str
    serial: str = ""
    look_ups: str = ""
    target: str = ""
    met: bool | None = None


HEAD = Line("", "ours", "one by one", "look-ups", "target")


def table(found: dict) -> str:
    """Return the table of what was measured."""
    shown = [HEAD, *lines(found)]
    widths = [max(len(str(line[column])) for line in shown) for column in range(5)]
    return "\n".join(_row(line, widths) for line in shown)


def _row(line: Line, widths: list[int]) -> str:
    cells = [line.name.ljust(widths[0])]
    cells += [line[column].rjust(widths[column]) for column in range(1, 5)]
    mark = {None: "", True: "met", False: "MISSED"}[line.met]
    return "  ".join([*cells, mark]).rstrip()


def lines(found: dict) -> Iterator[Line]:
    """Yield the rows for which something was measured."""
    for name, make in MAKERS.items():
        if name in found:
            yield from make(found[name], found.get("rivals", {}))


def _calls(calls: dict, rivals: dict) -> Iterator[Line]:
    for kind, title in (("sale", "sale order"), ("purchase", "purchase order")):
        one = calls[kind]
        others = [_calls_of(rivals, name) for name in ("serial", "look_ups")]
        met = one["requests"] <= 1 and not one["reads"]
        yield Line(
            f"requests (reads) a known {title}",
            f"{one['requests']:.2f} ({one['reads']:.2f})",
            *(others if kind == "sale" else ("", "")),
            target="1.00 (0)",
            met=met,
        )
        yield Line(f"SQL statements a {title}", f"{one['sql']:.0f}")
        yield Line(
            f"CPU a {title}, its job alone (ms)",
            f"{one['cpu_ms']:.0f}",
            target="30",
            met=one["cpu_ms"] <= 30,
        )
    if "serial_foreign" in rivals:
        foreign = _calls_of(rivals, "serial_foreign")
        yield Line("… in a foreign currency", "1.00 (0.00)", foreign)


def _calls_of(rivals: dict, name: str) -> str:
    one = rivals.get(name)
    return f"{one['requests']:.2f} ({one['reads']:.2f})" if one else ""


def _newcomers(one: dict, _rivals: dict) -> Iterator[Line]:
    yield Line(
        "… of a new customer, two new products",
        f"{one['requests']:.2f} ({one['reads']:.2f})",
    )


def _backlog(one: dict, rivals: dict) -> Iterator[Line]:
    serial, look_ups = (
        f"{rivals[name]['backlog_seconds']:.0f}" if name in rivals else ""
        for name in ("serial", "look_ups")
    )
    goal = one["orders"] * 0.126
    yield Line(
        f"{one['orders']} orders (s); the limit's own time {one['limit_seconds']:.0f}",
        f"{one['seconds']:.0f}",
        serial,
        look_ups,
        f"{goal:.0f}",
        one["seconds"] <= goal,
    )
    yield Line("429 seen", str(one["throttled"]), "0", "0", "0", not one["throttled"])
    yield Line("CPU an order, server and job runner (ms)", f"{one['cpu_ms']:.0f}")


def _latency(one: dict, _rivals: dict) -> Iterator[Line]:
    yield Line(
        "confirmed → in QuickBooks, idle, p50 / p95 (s)",
        f"{one['p50']:.2f} / {one['p95']:.2f}",
        target="p95 2.00",
        met=one["p95"] <= 2,
    )


def _confirming(one: dict, _rivals: dict) -> Iterator[Line]:
    yield Line(
        f"confirming beside plain Odoo's {one['plain_ms']:.0f} ms",
        f"+{one['ms']:.1f} ms, {one['ms_percent']:+.1f} %",
        target="+3 %",
        met=one["ms_percent"] <= 3,
    )
    yield Line(
        f"SQL beside plain Odoo's {one['plain_sql']:.0f}",
        f"+{one['sql']:.0f}",
        target="+10",
        met=one["sql"] <= 10,
    )


def _memory(one: dict, _rivals: dict) -> Iterator[Line]:
    first, last = one["mb_after_a_tenth"], one["mb_at_the_end"]
    yield Line(
        f"memory over {one['pushes']} orders (MB)",
        f"{first:.0f} → {last:.0f}",
        target="flat",
        met=last - first <= 0.05 * first,
    )


def _create(one: dict, _rivals: dict) -> Iterator[Line]:
    take = one["take"]
    names = {"res.partner": "customer", "product.product": "product"}
    for model, floor in take["floor"].items():
        yield Line(
            f"a {names[model]} taken over beside plain create, CPU (ms)",
            f"{floor['cpu_ms']:.1f} / {floor['floor_cpu_ms']:.1f}",
        )
    yield _flat("memory while they are taken over (MB)", take["mb"])


def _import(one: dict, _rivals: dict) -> Iterator[Line]:
    objects = one["items"] + one["customers"]
    kills = f", killed {one['kills']} times" if one["kills"] else ""
    yield Line(f"first import of {objects} objects{kills}: reads", str(one["reads"]))
    limit, share = one["limit_seconds"], one["share_seconds"]
    goal = share * 1.1
    yield Line(
        f"… reading (s); the limit's own time {limit:.0f}, of it for lists {share:.0f}",
        f"{one['read_seconds']:.0f}",
        target=f"{goal:.0f}",
        met=one["read_seconds"] <= goal,
    )
    yield Line(
        "… taking them over (s); objects a second",
        f"{one['take_seconds']:.0f}; {objects / one['take_seconds']:.0f}",
    )
    yield Line(
        "… 429 seen", str(one["throttled"]), target="0", met=not one["throttled"]
    )


def _stock(one: dict, _rivals: dict) -> Iterator[Line]:
    count, first, again, poll = one["items"], one["first"], one["again"], one["poll"]
    pages = -(-count // 1000)
    yield Line(
        f"reads to compare {count} quantities",
        str(first["reads"]),
        target=str(pages),
        met=first["reads"] <= pages,
    )
    yield Line(
        "… with nothing changed since",
        str(poll["reads"]),
        target="1",
        met=poll["reads"] <= 1,
    )
    paces = [count / part["cpu_seconds"] for part in (first, again)]
    yield Line(
        f"… items a CPU second of Odoo, {one['differing']} evened out / none",
        f"{paces[0]:.0f} / {paces[1]:.0f}",
        target="2000",
        met=min(paces) >= 2000,
    )
    yield Line(
        "… items a second by the clock", f"{first['a_second']} / {again['a_second']}"
    )
    yield _flat("memory of the comparison (MB)", first["mb"] + again["mb"])


def _flat(name: str, memory: list[float]) -> Line:
    """Memory is flat if it has not grown by a twentieth since the first quarter."""
    first, last = memory[0], memory[-1]
    met = last - first <= 0.05 * first
    return Line(name, f"{first:.0f} → {last:.0f}", target="flat", met=met)


MAKERS = {
    "calls": _calls,
    "newcomers": _newcomers,
    "backlog": _backlog,
    "latency": _latency,
    "confirming": _confirming,
    "memory": _memory,
    "stock": _stock,
    "create": _create,
    "import": _import,
}
