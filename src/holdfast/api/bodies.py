"""What comes in: JSON read strictly into Structs, texts without what no database or page could show, instants with an
offset. Refused input ends in the problem invalid_input, which names the field."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from msgspec import Meta, Struct

from holdfast.api.problems import Fault, FieldError, Problem, invalid
from holdfast.api.wording import UUID, place_in, said_of, wrong_fields
from holdfast.domain.instants import Instant, instant_of, moment_of

MOST_BYTES = 64 * 1024
MOST_ERRORS = 50
"""Of one body, so that a problem stays short."""
AN_OBJECT = "a JSON object is required"
INT32_MAX = 2**31 - 1

UuidText = Annotated[
    str,
    Meta(
        pattern=UUID,
        min_length=36,
        max_length=36,
        extra_json_schema={"format": "uuid"},
    ),
]
Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
"""As it goes out."""
Minor = Annotated[int, Meta(ge=0, le=INT32_MAX)]
Moment = Annotated[datetime, Meta(tz=True)]
"""RFC 3339 with an offset; without one it is refused."""

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request's body. A field that nobody knows is refused: it may be one that was meant to matter."""


class ApiRequest(Request[Any, Any, Any]):
    """Reads its body as exactly what the handler's parameter `data` says, without turning "5" into 5."""

    async def json(self) -> Any:
        """The body. Raises the problems malformed_json, invalid_input and media_type_unsupported."""
        insist_on_json(self.headers.get("content-type"))
        field = self.route_handler.parsed_data_field
        assert field is not None, "only a handler that takes data reads the body"
        return read_json(await self.body(), field.annotation)


def insist_on_json(content_type: str | None) -> None:
    """Raises the problem media_type_unsupported; a body without a type is taken for JSON."""
    media_type = (content_type or "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem(Fault.media_type_unsupported)


def read_json(raw: bytes, into: Any) -> Any:
    """The value. Raises the problems malformed_json and invalid_input."""
    if not raw:
        raise invalid("body", AN_OBJECT)
    decoder = _decoders.get(into)
    if decoder is None:
        decoder = _decoders[into] = msgspec.json.Decoder(into)
    try:
        try:
            return decoder.decode(raw)
        except msgspec.ValidationError as error:
            raise Problem(Fault.invalid_input, errors=field_errors(raw, into, error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if "surrogate" in str(error):
            raise invalid("", "a text holds half of a surrogate pair, which is no character") from None
        raise Problem(Fault.malformed_json) from None


def field_errors(raw: bytes, into: Any, error: msgspec.ValidationError) -> list[FieldError]:
    """Every field of the body that is wrong; the one that the checker stopped at where they cannot be told apart."""
    found = wrong_fields(msgspec.json.decode(raw), into)
    if found:
        return [FieldError(field, said) for field, said in found[:MOST_ERRORS]]
    where = place_in(str(error)).removeprefix(".")
    return [FieldError(where, said_of(str(error), into))] if where else [FieldError("body", AN_OBJECT)]


def instant_in(field: str, moment: datetime) -> Instant:
    """The instant of a moment that came in. Raises the problem invalid_input outside the years 2000 to 2199."""
    if not _FIRST <= moment < _LAST:
        raise invalid(field, "is not in the years 2000 to 2199")
    return instant_of(moment)


def shown_at(instant: Instant, zone: str) -> datetime:
    """An instant as it is sent: RFC 3339 with the zone's offset of that time."""
    return moment_of(instant, zone)
