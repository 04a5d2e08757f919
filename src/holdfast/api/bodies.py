"""What comes in: JSON read strictly into Structs, texts without what no database or page could show, instants with an
offset. Refused input ends in the problem invalid_input, which names the field."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from msgspec import Meta, Struct

from holdfast.api.problems import Fault, FieldError, Problem, invalid
from holdfast.domain.instants import Instant, instant_of, moment_of

MOST_BYTES = 64 * 1024
INT32_MAX = 2**31 - 1

UuidText = Annotated[
    str,
    Meta(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        min_length=36,
        max_length=36,
        extra_json_schema={"format": "uuid"},
    ),
]
Minor = Annotated[int, Meta(ge=0, le=INT32_MAX)]
Moment = Annotated[datetime, Meta(tz=True)]
"""RFC 3339 with an offset; without one it is refused."""

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"(?s)(.*?)(?: - at `\$\.?(.*)`)?\Z")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")

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
    decoder = _decoders.get(into)
    if decoder is None:
        decoder = _decoders[into] = msgspec.json.Decoder(into)
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise Problem(Fault.invalid_input, errors=[field_error(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if "surrogate" in str(error):
            raise invalid("", "a text holds half of a surrogate pair, which is no character") from None
        raise Problem(Fault.malformed_json) from None


def field_error(text: str) -> FieldError:
    """What msgspec says of the first field that is wrong, for people."""
    match = _PLACE.match(text)
    assert match is not None, "the pattern fits every text"
    message, place = match.group(1), match.group(2) or ""
    for pattern, said in ((_MISSING, "is required"), (_UNKNOWN, "is not a field of this request")):
        if found := pattern.fullmatch(message):
            return FieldError(f"{place}.{found.group(1)}".lstrip("."), said)
    return FieldError(place, message[:1].lower() + message[1:])


def instant_in(field: str, moment: datetime) -> Instant:
    """The instant of a moment that came in. Raises the problem invalid_input outside the years 2000 to 2199."""
    if not _FIRST <= moment < _LAST:
        raise invalid(field, "is not in the years 2000 to 2199")
    return instant_of(moment)


def shown_at(instant: Instant, zone: str) -> datetime:
    """An instant as it is sent: RFC 3339 with the zone's offset of that time."""
    return moment_of(instant, zone)
