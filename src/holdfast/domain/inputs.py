"""What people may type: the bounds of texts, the same on every face."""

from typing import Annotated

from msgspec import Meta

FILLED = r"^\s*[^\s\u0000][^\u0000]*$"
"""At least one character that shows, and none that PostgreSQL cannot keep. Where the text begins to show is never in
doubt, so that matching takes time in its length, not in the square of it."""
WHOLE = r"^[^\u0000]*$"
ONE_LINE = r"^[^\S\u0000-\u001f]*[^\s\u0000-\u001f][^\u0000-\u001f]*$"
ENDS = r"(?!\n)$"
"""The end of a text. Python's $ alone lets a newline through after it, that of other languages does not."""

ONE_LINE_OR_NONE = r"^[^\u0000-\u001f]*$"
EMAIL = r"^[^@\s\u0000-\u001f\u007f]+@[^@\s\u0000-\u001f\u007f]+" + ENDS
ZONE = "^[A-Za-z0-9_+/-]+$"

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=ONE_LINE)]
"""A name or a title."""
OptionalLine = Annotated[str, Meta(max_length=200, pattern=ONE_LINE_OR_NONE)]
Prose = Annotated[str, Meta(min_length=1, max_length=5000, pattern=FILLED)]
OptionalProse = Annotated[str, Meta(max_length=5000, pattern=WHOLE)]
Note = Annotated[str, Meta(max_length=1000, pattern=WHOLE)]

Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        pattern=EMAIL,
        description="an e-mail address; upper and lower case are the same",
        examples=["rita@example.com"],
    ),
]
Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=ONE_LINE,
        description="what others see",
        examples=["Rita Sousa"],
    ),
]
Password = Annotated[str, Meta(min_length=10, max_length=200, description="10 to 200 characters, any of them")]
ZoneName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=ZONE,
        description="a name of the IANA time zone database",
        examples=["Europe/Lisbon"],
    ),
]
