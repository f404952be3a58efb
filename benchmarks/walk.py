"""A walk of random business actions, and an outside judge: ``make walk``.

People sell, buy, deliver, bill, pay, credit, reverse and cancel in Odoo; a bookkeeper
works in QuickBooks; replies get lost, workers are killed. In the end each document and
the trial balance must be what Odoo's documents say. The same seed gives the same
steps.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass, field

import requests

from dev import database, postgres
from dev.common import step
from dev.rpc import OdooError
from dev.sandbox import Sandbox

from .cluster import Cluster
from .stage import Stage
from .walk_case import Nothing
from .walk_company import BILLING, KINDS
from .walk_founder import Founder
from .walk_judge import Judge
from .walk_quickbooks import Walker

# How often each action is chosen, beside the others.
WEIGHTS = {
    **{"sell": 16, "change": 9, "cancel": 3, "confirm_again": 2},
    **{"deliver": 10, "take_back": 2, "bill": 14, "pay": 10, "undo_payment": 2},
    **{"credit": 5, "refund": 4, "set_off": 3, "reinvoice": 3},
    **{"buy": 5, "change_purchase": 2, "cancel_purchase": 1, "receive": 5},
    **{"bill_purchase": 5, "pay_bill": 4, "refund_bill": 2},
    **{"edit_memo": 1, "edit_tracking": 1, "edit_quantity": 1, "pay_there": 2},
    **{"void_there": 1, "merge": 1, "poll": 2},
    **{"lose_reply": 4, "lose_customer": 2, "kill": 2},
}
CRONS = ("QuickBooks: push what is still pending", "QuickBooks: look for changes")
UNDER_WAY = "('wait_dependencies', 'pending', 'enqueued', 'started')"


@dataclass
class Plan:
    """Which walk."""

    seed: int = field(default_factory=lambda: random.randrange(10**6))
    steps: int = 300
    company: str = "us"
    billing: str = "order"
    only: str = ""  # actions, with commas; all if empty
    without: str = ""
    patience: float = 180  # seconds until what is under way counts as stuck


class Walk(Stage):
    """One walk; ``judge`` says at the end what is wrong."""

    def __init__(self, plan: Plan, database_name: str, sandbox: Sandbox):
        super().__init__(database_name, sandbox)
        self.plan = plan
        self.began = time.monotonic()
        self.stuck: list[str] = []
        self.seen: dict[str, int] = {}

    def run(self) -> Judge:
        """Found the company, walk, wait, judge."""
        chance = random.Random(self.plan.seed)
        self.cluster = Cluster(self.database, nodes=1)
        with self.cluster:
            node = self.cluster.nodes[0]
            where = (self.plan.company, self.plan.billing)
            founder = Founder(node, self.sandbox, *where)
            webhook = f"{node.url}/qbo/webhook" if self.plan.seed % 2 else ""
            self.company = founder.found(webhook)
            client = founder.client
            self.books = founder.books()
            self.walker = Walker(self, client, self.company, chance)
            self.say("the company is founded")
            for _number in range(self.plan.steps):
                self._step()
            self.say(f"{self.plan.steps} steps are done")
            self.admin("faults/clear", {})
            self._settle()
            for name in CRONS:
                self._run_cron(client, name)
                self._settle()
            self.say("nothing is under way")
            return Judge(self, client)

    def say(self, text: str) -> None:
        """Print what happens, and when."""
        step(f"{time.monotonic() - self.began:6.1f} s  {text}")

    # ---------------------------------------------------------------- steps
    def _step(self) -> None:
        """Take one step; an action that has nothing to do gives way to another."""
        walker = self.walker
        only, without = self.plan.only.split(","), self.plan.without.split(",")
        weights = {
            name: weight
            for name, weight in WEIGHTS.items()
            if (name in only or only == [""]) and name not in without
        }
        for _try in range(20):
            name = walker.random.choices([*weights], [*weights.values()])[0]
            try:
                getattr(walker, name)()
                self.seen[name] = self.seen.get(name, 0) + 1
                return
            except Nothing:
                continue
            except OdooError as error:
                # Odoo has its reasons; the next people do something else.
                refused = f"{name}: Odoo refuses: {str(error)[:120]}"
                walker.diary.note(refused)
                self.seen["refused"] = self.seen.get("refused", 0) + 1
                return
            except requests.RequestException as error:
                walker.diary.note(f"{name}: {type(error).__name__}")
                return

    # --------------------------------------------------------------- waiting
    def pending(self, records: dict[str, list[int]]) -> bool:
        """Tell whether a link of some records waits for QuickBooks."""
        return any(
            self.query(
                "SELECT 1 FROM qbo_binding WHERE res_model = %s AND res_id = ANY(%s)"
                " AND state = 'pending' LIMIT 1",
                model,
                ids,
            )
            for model, ids in records.items()
            if ids
        )

    def _settle(self) -> None:
        """Wait until no job is under way; what backs off is called at once."""
        deadline = time.monotonic() + self.plan.patience
        while time.monotonic() < deadline:
            left = self.query(
                f"SELECT count(*) FROM queue_job WHERE state IN {UNDER_WAY}"
            )[0][0]
            if not left:
                return
            self.execute(
                "UPDATE queue_job SET eta = NULL"
                " WHERE state = 'pending' AND eta > now() AT TIME ZONE 'UTC'"
            )
            time.sleep(0.5)
        for name, state, why in self.query(
            f"SELECT name, state, exc_info FROM queue_job WHERE state IN {UNDER_WAY}"
        ):
            last = (why or "").strip().splitlines()[-1:]
            self.stuck.append(f"job {name} is still {state} {last}")

    def _run_cron(self, client, name: str) -> None:
        cron = client.find("ir.cron", ("cron_name", "=", name), limit=1)[0]["id"]
        client.call("ir.cron", "method_direct_trigger", [cron])

    # --------------------------------------------------------------- trouble
    def kill(self, chance: random.Random) -> None:
        """Kill a worker, but not the token with it (see chaos.py)."""
        self.cluster.kill_one(chance)

    def admin(self, door: str, body) -> dict:
        """Use one of the local QuickBooks' doors for tests, for this company."""
        if isinstance(body, dict):
            body = {"realm_id": self.company.realm, **body}
        return super().admin(door, body)


def walk(plan: Plan) -> Judge:
    """Take a walk; return the judge."""
    with (
        postgres.running(),
        database.clone(database.addons_template()) as name,
        Sandbox(f"--seed={plan.seed}") as books,
    ):
        return Walk(plan, name, books).run()


def main(arguments: list[str]) -> int:
    """Walk; print the verdict."""
    parser = argparse.ArgumentParser(prog="make walk", description=__doc__)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--company", choices=[*KINDS])
    parser.add_argument("--billing", choices=BILLING)
    parser.add_argument("--only", help="these actions only, with commas")
    parser.add_argument("--without", help="all actions but these")
    parser.add_argument("--diary", action="store_true", help="print all steps")
    given = vars(parser.parse_args(arguments))
    diary = given.pop("diary")
    verdict = walk(Plan(**{key: one for key, one in given.items() if one is not None}))
    if diary:
        print("\n".join(verdict.diary.steps))
    print(verdict)
    return bool(verdict.problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
