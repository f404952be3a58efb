"""The short form of ``make chaos``: each order once, whatever breaks."""

from benchmarks.chaos import SHORT, Chaos, Plan


def test_each_order_is_in_quickbooks_once():
    verdict = Chaos(Plan(**SHORT)).run()
    print(verdict)
    assert not verdict.problems
