"""Prints how much of the protocol is here: `python -m tests.protocol.coverage`."""

from tests.protocol.coverage.lists import read_exceptions, read_list


def main() -> None:
    """Print a line for each part of the protocol with the test that plays it, or why it is left out."""
    for kind, name in (("message", "messages.txt"), ("endpoint", "endpoints.txt")):
        listed, reasons = read_list(name), read_exceptions(kind)
        for one in listed:
            print(f"{one.name:<70} {one.test or 'left out: ' + reasons[one.name]}")
        left_out = sum(one.is_exception for one in listed)
        print(f"{len(listed) - left_out} of {len(listed)} {kind}s; {left_out} left out\n")
    for name in ("managers.txt", "pitfalls.txt"):
        for one in read_list(name):
            print(f"{one.name:<70} {one.test}")


if __name__ == "__main__":
    main()
