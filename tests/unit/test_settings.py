"""Settings are read from the environment, and a wrong one is refused with what to write instead."""

from pathlib import Path

import pytest

from holdfast.settings import Refused, load, table


def test_without_variables_every_default_holds() -> None:
    settings = load({"PATH": "/bin"})
    assert (settings.port, settings.public_url, settings.host) == (8000, "http://localhost:8000", "127.0.0.1")
    assert settings.data == Path("data").absolute()
    assert settings.workers >= 1


def test_an_empty_variable_counts_as_absent() -> None:
    assert load({"HOLDFAST_PORT": ""}).port == 8000


def test_the_public_url_follows_the_port_unless_it_is_given() -> None:
    assert load({"HOLDFAST_PORT": "9000"}).public_url == "http://localhost:9000"
    assert load({"HOLDFAST_PUBLIC_URL": "https://market.example"}).public_url == "https://market.example"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HOLDFAST_PORT", "abc", "HOLDFAST_PORT=abc: write a whole number from 1 to 65535, such as 8000"),
        ("HOLDFAST_PORT", "65536", "HOLDFAST_PORT=65536: write a whole number from 1 to 65535, such as 8000"),
        ("HOLDFAST_BATCH_MAX", "1_0", "HOLDFAST_BATCH_MAX=1_0: write a whole number from 1 to 4096, such as 256"),
        ("HOLDFAST_LOG_FORMAT", "xml", "HOLDFAST_LOG_FORMAT=xml: write text or json, such as text"),
        ("HOLDFAST_PROT", "1", "HOLDFAST_PROT: there is no such setting; did you mean HOLDFAST_PORT?"),
        ("HOLDFAST_XYZZY", "1", "HOLDFAST_XYZZY: there is no such setting; `holdfast settings` lists them"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_write(name: str, value: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        load({name: value})
    assert str(refused.value) == message


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        load({"HOLDFAST_PORT": "0", "HOLDFAST_WORKERS": "0"})
    assert len(str(refused.value).splitlines()) == 2


def test_a_refused_database_url_does_not_show_its_password() -> None:
    with pytest.raises(Refused) as refused:
        load({"HOLDFAST_DATABASE_URL": "mysql://me:hunter2@host/db"})
    assert "hunter2" not in str(refused.value)


def test_variables_of_test_processes_are_left_alone() -> None:
    assert load({"HOLDFAST_TEST_CRASH_AT": "commit"}) == load({})


def test_every_example_and_default_is_a_value_that_is_taken() -> None:
    for row in table():
        load({row.name: row.example})
        if row.default not in ("http://localhost:PORT", "the cores less one"):
            load({row.name: row.default})
