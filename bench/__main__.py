"""`python -m bench`: measure one node under each server and print what its work costs."""

import argparse
from pathlib import Path

import uvloop

from bench.report import Report
from bench.run import Plan, Run
from bench.stage import Stage


async def main() -> None:
    """Run everything."""
    options = _options()
    plan = Plan(options.seconds, options.rounds, options.silent)
    report = Report("PostgreSQL" if options.database_url else "SQLite")
    report.begin()
    async with Stage(plan.users, options.database_url) as stage:
        for server in options.server or ("daphne", "uvicorn"):
            await Run(stage, server, plan, report).measure()
    report.end()
    if options.json:
        report.write(options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--server", action="append", choices=("daphne", "uvicorn"), help="default: both")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of one round (default 0.8)")
    parser.add_argument("--rounds", type=int, default=6, help="rounds of each relay (default 6)")
    parser.add_argument("--silent", type=int, default=500, help="sessions that only exist (default 500)")
    parser.add_argument(
        "--database-url", default="", help="PostgreSQL to measure on; a database is made there"
    )
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
