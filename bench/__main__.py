"""`python -m bench`: measure what a node's work costs under each server, and how nodes stand in for each other."""

import argparse
from pathlib import Path

import uvloop

from bench.parts import parts_of
from bench.report import Report
from bench.run import PARTS, Plan, Run
from bench.stage import Stage


async def main() -> None:
    """Run everything."""
    options = _options()
    plan = Plan(
        parts=options.parts,
        seconds=options.seconds,
        rounds=options.rounds,
        silent=options.silent,
        kills=options.kills,
        storm=options.storm,
    )
    report = Report("PostgreSQL" if options.database_url else "SQLite")
    report.begin()
    async with Stage(plan.users, options.database_url) as stage:
        runs = [Run(stage, server, plan, report) for server in options.server or ("daphne", "uvicorn")]
        for run in runs:
            await run.measure()
        if "cluster" in plan.parts:
            await runs[0].measure_cluster()
    report.end()
    if options.json:
        report.write(options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--server",
        action="append",
        choices=("daphne", "uvicorn"),
        help="default: both; the cluster runs under the first",
    )
    parser.add_argument(
        "--parts", type=parts_of(PARTS), default=frozenset(PARTS), help=f"default: {','.join(PARTS)}"
    )
    parser.add_argument("--seconds", type=float, default=0.8, help="length of one round (default 0.8)")
    parser.add_argument("--rounds", type=int, default=6, help="rounds of each relay (default 6)")
    parser.add_argument("--silent", type=int, default=500, help="sessions that only exist (default 500)")
    parser.add_argument("--kills", type=int, default=50, help="kills of a node, in pairs (default 50)")
    parser.add_argument("--storm", type=int, default=500, help="phones that come back at once (default 500)")
    parser.add_argument(
        "--database-url", default="", help="PostgreSQL to measure on; a database is made there"
    )
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
