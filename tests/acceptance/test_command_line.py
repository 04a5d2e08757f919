"""The command line beside a running node: addresses, tokens, operators, the cell and its log."""

import uuid

import psycopg

from holdfast.log.checkpoint import origin_of, verify_checkpoint
from holdfast.log.note import decode64
from support.node import Node, new_node
from support.until import until


def lines(node: Node, *arguments: str) -> list[str]:
    """What a command printed that must succeed."""
    answer = node.holdfast(*arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    return answer.stdout.splitlines()


def mistake(node: Node, *arguments: str) -> str:
    """The one line of a command that must fail for something that a person can put right."""
    answer = node.holdfast(*arguments)
    assert (answer.returncode, answer.stdout) == (1, "")
    (line,) = answer.stderr.splitlines()
    assert line.startswith("holdfast: ")
    return line


def join(node: Node) -> str:
    """The address of somebody who signed up."""
    email = f"{uuid.uuid4().hex}@example.test"
    body = {"email": email, "password": "a fine password", "name": "Ann", "time_zone": "Europe/Lisbon"}
    joined = node.http.post("/api/v1/members", json=body, headers={"Idempotency-Key": email})
    assert joined.status_code == 201, joined.text
    return email


def me(node: Node, line: str) -> dict[str, object]:
    """The account that a minted line's token opens."""
    answer = node.http.get("/api/v1/members/me", headers={"Authorization": f"Bearer {line.split()[1]}"})
    assert answer.status_code == 200, answer.text
    account: dict[str, object] = answer.json()
    return account


def suspend(node: Node, line: str, member: object, status: int) -> None:
    """Asks with a minted line's token for the suspension of somebody, which is answered so."""
    headers = {"Authorization": f"Bearer {line.split()[1]}", "Idempotency-Key": str(uuid.uuid4())}
    answer = node.http.post(f"/api/v1/members/{member}/suspension", json={}, headers=headers)
    assert answer.status_code == status, answer.text


def test_the_superusers_address_leads_into_the_running_database(node: Node) -> None:
    (url,) = lines(node, "database-url")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)


def test_tokens_are_minted_for_members_by_address_and_for_customers_by_number(node: Node) -> None:
    one, other = join(node), join(node)
    minted = lines(node, "token", "mint", other.upper(), one, "--days", "1")
    assert [line.partition("\t")[0] for line in minted] == [other, one]
    assert [me(node, line)["email"] for line in minted] == [other, one]
    customers = lines(node, "token", "mint", "--count", "2")
    assert len({me(node, line)["id"] for line in customers}) == 2


def test_nobody_gets_a_token_who_is_no_member(node: Node) -> None:
    assert "nobody@example.test: no member has this address" in mistake(node, "token", "mint", "nobody@example.test")
    assert "customers, not 1000000" in mistake(node, "token", "mint", "--count", "1000000")
    assert node.holdfast("token", "mint").returncode == 2


def test_an_operator_is_appointed_through_the_running_node_and_once_is_enough(node: Node) -> None:
    email = join(node)
    for _ in range(2):
        assert lines(node, "operator", "add", email) == [f"{email} is an operator"]
    (minted,) = lines(node, "token", "mint", email)
    assert me(node, minted)["is_operator"] is True
    assert "no member has this address" in mistake(node, "operator", "add", "nobody@example.test")


def test_an_operator_whom_another_suspended_is_named_so_and_restored_here(node: Node) -> None:
    one, other = join(node), join(node)
    for email in (one, other):
        lines(node, "operator", "add", email)
    (minted,) = lines(node, "token", "mint", one)
    (theirs,) = lines(node, "token", "mint", other)
    suspend(node, minted, me(node, minted)["id"], 409)
    suspend(node, minted, me(node, theirs)["id"], 200)
    assert f"operator restore {other}" in mistake(node, "operator", "add", other)
    assert lines(node, "operator", "restore", other) == [f"{other} is no longer suspended"]
    assert me(node, theirs)["suspended_at"] is None
    assert "is not suspended" in mistake(node, "operator", "restore", other)


def test_the_cell_and_its_checkpoint_are_those_that_the_pages_show(node: Node) -> None:
    cell = dict(line.split(": ", 1) for line in lines(node, "cell"))
    shown = {name: value.strip() for name, value in cell.items()}
    assert shown["cell"] in node.http.get("/").text
    until(lambda: (node.data / "checkpoint").exists(), "the log is signed")
    key = decode64(shown["public key"])
    assert key is not None
    note = "\n".join(lines(node, "log", "checkpoint")) + "\n"
    assert verify_checkpoint(note, origin_of(shown["cell"]), key).size > 0


def test_of_a_node_that_stopped_the_address_is_known_and_nothing_else_is_done() -> None:
    with new_node() as node:
        assert "no node has run in" in mistake(node, "database-url")
        node.start()
        before = lines(node, "database-url")
        node.stop()
        assert lines(node, "database-url") == before
        for command in (("cell",), ("token", "mint", "ann@example.test"), ("operator", "add", "ann@example.test")):
            assert "holdfast serve starts it" in mistake(node, *command)


def test_without_its_relay_a_node_appoints_nobody_and_says_how_to_start_it() -> None:
    with new_node() as node:
        node.start()
        email = join(node)
        with node.frozen("relay"):
            assert "no node answers in" in mistake(node, "operator", "add", email)
