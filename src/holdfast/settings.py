"""Settings from the environment: each HOLDFAST_* name with its type, default, bounds and one line of what it does."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta, Struct

from holdfast.domain.walltime import known_zone

PREFIX = "HOLDFAST_"
OF_TESTS = "HOLDFAST_TEST_"  # crash points and negative controls: read by test processes, no setting of a cell

SUN_PATH_MAX = 107  # bytes of a Unix socket's path (unix(7))


class Refused(Exception):
    """Something that a person can put right. The message says what is wrong and what to do instead."""


_ANYWHERE = {"such": "0.0.0.0", "values": "an address of this machine"}  # noqa: S104 - an example, not a default


def _spare_cores() -> int:
    return max(1, (os.cpu_count() or 1) - 1)


class Settings(Struct, frozen=True, kw_only=True):
    """What the operator of a node may choose. Construct it with `load`; tests may construct it directly."""

    data: Annotated[
        Path, Meta(description="folder of the database, the journal and the secrets", extra={"default": "./data"})
    ] = Path("data")
    host: Annotated[str, Meta(pattern=r"^\S+$", description="address to serve on", extra=_ANYWHERE)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="port to serve on")] = 8000
    database_url: Annotated[
        str,
        Meta(
            pattern=r"^(postgres(ql)?://\S+)?$",
            description="another PostgreSQL server, 18 or newer; without it the embedded one runs in the data folder",
            extra={"values": "a PostgreSQL URL", "secret": True, "such": "postgresql://holdfast@db.example/holdfast"},
        ),
    ] = ""
    postgres_bin: Annotated[
        Path | None,
        Meta(
            description="folder with the programs of another PostgreSQL, 18 or newer, for the embedded server",
            extra={"such": "/usr/lib/postgresql/18/bin"},
        ),
    ] = None
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/\s]+(/[^/\s]+)*$",
            description="address that people reach this cell by",
            extra={
                "values": "an http or https address without a slash at its end",
                "default": "http://localhost:PORT",
                "such": "https://market.example",
            },
        ),
    ] = "http://localhost:8000"
    trusted_proxies: Annotated[
        str,
        Meta(
            pattern=r"^([0-9A-Fa-f.:/]+(,[0-9A-Fa-f.:/]+)*)?$",
            description="proxies before this node, whose X-Forwarded-For tells from where people come",
            extra={"values": "addresses or networks with commas between them", "such": "127.0.0.1"},
        ),
    ] = ""
    currency: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{3}$",
            description="currency of a cell that is founded now (ISO 4217)",
            extra={"values": "a code of three capitals", "such": "EUR"},
        ),
    ] = "EUR"
    zone: Annotated[
        str,
        Meta(
            pattern=r"^\S+$",
            description="time zone of a cell that is founded now (IANA)",
            extra={"values": "an IANA time zone", "such": "Europe/Lisbon"},
        ),
    ] = "Europe/Lisbon"
    workers: Annotated[
        int, Meta(ge=1, le=64, description="HTTP processes", extra={"default": "the cores less one", "such": "2"})
    ] = msgspec.field(default_factory=_spare_cores)
    deadline_ms: Annotated[
        int, Meta(ge=50, le=60_000, description="how long a caller waits for the core before it gets a receipt")
    ] = 2000
    journal_max_mb: Annotated[int, Meta(ge=16, le=1_048_576, description="size of the journal at most")] = 1024
    journal_quota_per_member: Annotated[
        int, Meta(ge=1, le=100_000, description="commands of one member that may wait in the journal")
    ] = 200
    batch_max: Annotated[int, Meta(ge=1, le=4096, description="commands that one transaction takes at most")] = 256
    post_limit_per_minute: Annotated[int, Meta(ge=1, le=1_000_000, description="writes a minute, by member")] = 120
    signin_limit_per_minute: Annotated[int, Meta(ge=1, le=1_000_000, description="sign-ins a minute, by address")] = 20
    signup_limit_per_minute: Annotated[int, Meta(ge=1, le=1_000_000, description="sign-ups a minute, by address")] = 20
    token_days: Annotated[int, Meta(ge=1, le=366, description="days until a token expires")] = 30
    log_format: Annotated[Literal["text", "json"], Meta(description="how the processes log")] = "text"
    jobs_interval_s: Annotated[int, Meta(ge=1, le=3600, description="seconds between two rounds of the jobs")] = 5

    demo: Annotated[
        bool,
        Meta(
            description="give an empty cell an invented past; `holdfast demo` sets it, and no real cell takes it",
            extra={"default": "0", "values": "0 or 1", "such": "1"},
        ),
    ] = False

    @property
    def run(self) -> Path:
        """Folder of pid files, locks and sockets."""
        return self.data / "run"

    @property
    def relay_socket(self) -> Path:
        """Where the HTTP processes reach this node's relay."""
        return self.run / "relay.sock"

    @property
    def secrets(self) -> Path:
        """Folder of the cell's and the node's keys."""
        return self.data / "secrets"


class Row(Struct, frozen=True):
    """One setting as documented."""

    name: str
    default: str
    values: str
    description: str
    example: str
    secret: bool


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from HOLDFAST_* variables; an empty one counts as absent. Raises Refused, with a line a mistake."""
    rows = {row.name: row for row in table()}
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    mistakes = [_unknown(name, list(rows)) for name in given if name not in rows and not name.startswith(OF_TESTS)]
    chosen: dict[str, Any] = {}
    for name, value in given.items():
        if name in rows:
            try:
                chosen[_field(name)] = _convert(name, value)
            except (msgspec.ValidationError, ValueError):
                shown = name if rows[name].secret else f"{name}={value}"
                mistakes.append(f"{shown}: write {rows[name].values}, such as {rows[name].example}")
    if mistakes:
        raise Refused("\n".join(mistakes))
    settings = Settings(**chosen)
    if "public_url" not in chosen:
        settings = msgspec.structs.replace(settings, public_url=f"http://localhost:{settings.port}")
    settings = msgspec.structs.replace(settings, data=settings.data.absolute())
    if len(os.fsencode(settings.relay_socket)) > SUN_PATH_MAX:
        raise Refused(f"HOLDFAST_DATA: {settings.data} is too long a path for the sockets in it; write a shorter one")
    return settings


def table() -> list[Row]:
    """Every setting in the order of the documentation."""
    return [_row(field) for field in msgspec.structs.fields(Settings)]


def _row(field: msgspec.structs.FieldInfo) -> Row:
    meta = cast("Meta", field.type.__metadata__[0])
    extra = meta.extra or {}
    default = str(extra.get("default", "" if field.default is None else field.default))
    return Row(
        name=PREFIX + field.encode_name.upper(),
        default=default,
        values=str(extra.get("values") or _values(field.type.__origin__, meta)),
        description=meta.description or "",
        example=str(extra.get("such", default)),
        secret=bool(extra.get("secret", False)),
    )


def _values(kind: Any, meta: Meta) -> str:
    if kind is int:
        return f"a whole number from {meta.ge} to {meta.le}"
    if kind in (Path, Path | None):
        return "a folder"
    return " or ".join(kind.__args__)


def _convert(name: str, value: str) -> Any:
    hint = next(field.type for field in msgspec.structs.fields(Settings) if field.encode_name == _field(name))
    if hint.__origin__ in (Path, Path | None):
        return Path(value)
    if hint.__origin__ is int and not re.fullmatch(r"[0-9]+", value):
        raise ValueError(value)
    if name == f"{PREFIX}ZONE" and not known_zone(value):  # a cell keeps its zone for ever
        raise ValueError(value)
    return msgspec.convert(value, hint, strict=False)


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _unknown(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(_field(name), [_field(known) for known in names], n=1, cutoff=0.6)
    advice = f"did you mean {PREFIX}{near[0].upper()}?" if near else "`holdfast settings` lists them"
    return f"{name}: there is no such setting; {advice}"
