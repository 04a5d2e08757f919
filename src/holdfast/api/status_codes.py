"""docs/status-codes.md, made of the table that the API answers by: `python -m holdfast.api.status_codes`."""

import sys

from holdfast.api.problems import TABLE
from holdfast.domain.refusals import Refusal

INTRODUCTION = """\
# Status codes

What the API answers when it does not do what was asked: `application/problem+json` (RFC 9457) with `type`, `title`,
`status`, `detail`, `code`, `request_id` and, for input, `errors`. `code` is for programs, and never changes its
meaning; `type` is the same as a URN. A refusal is the recorded outcome of a command: the same Idempotency-Key gives it
again. A fault is not: nothing was recorded, and the same request may succeed later.

2xx: 200 and 201 carry what the thing is now, 204 nothing. 202 means received, not yet decided: the body names the
command, and `GET /api/v1/commands/{id}` tells what became of it.

This file is made by `python -m holdfast.api.status_codes`, and a test compares it.

| status | code | kind | meaning | what to do |
|---|---|---|---|---|
"""


def markdown() -> str:
    """The whole file, by status and then in the order of the table."""
    rows = sorted(TABLE.items(), key=lambda item: item[1].status)
    return INTRODUCTION + "".join(
        f"| {row.status} | `{code}` | {'refusal' if isinstance(code, Refusal) else 'fault'} | {row.title} | "
        f"{row.detail} |\n"
        for code, row in rows
    )


if __name__ == "__main__":
    sys.stdout.write(markdown())
