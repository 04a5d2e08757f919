"""Signed notes with Ed25519: c2sp.org/signed-note.

A note is a text ending in a newline, an empty line, and one signature line a key:
`— <key name> base64(key id ‖ signature)`. The text is to be believed only once a known key's signature has verified.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from holdfast.log.faults import LogError, LogFault

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 64
_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) (\S+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose, and what was signed with it (for Ed25519 64 bytes)."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart. Nothing of it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]


def key_id(name: str, public_key: bytes) -> bytes:
    """SHA-256(name ‖ newline ‖ 0x01 ‖ public key)[:4], as signed-note recommends for Ed25519."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID_BYTES]


def verifier_key(name: str, public_key: bytes) -> str:
    """The line `<name>+<key id>+<key>` by which the tools of golang.org/x/mod/sumdb/note are told a public key."""
    return f"{name}+{key_id(name, public_key).hex()}+{encode64(_ED25519 + public_key)}"


def public_bytes(private_key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes (RFC 8032) of the public half."""
    return private_key.public_key().public_bytes_raw()


def sign_note(text: str, name: str, private_key: Ed25519PrivateKey) -> str:
    """The text as a note with one signature. Text and name are this program's own: a wrong one is a bug."""
    assert text.endswith("\n"), "a note's text ends in a newline"
    assert not _CONTROL.search(text), "a note has no control characters"
    signature = key_id(name, public_bytes(private_key)) + private_key.sign(text.encode())
    line = f"— {name} {encode64(signature)}"
    assert _SIGNATURE_LINE.fullmatch(line), "a key's name has neither spaces nor +"
    return f"{text}\n{line}\n"


def parse_note(note: str) -> Note:
    """Take a note apart, unverified. Raises LogError note_malformed."""
    if len(note) > MAX_NOTE_BYTES or _CONTROL.search(note) or not note.endswith("\n"):
        raise _malformed("too long, not ending in a newline, or with control characters")
    text, separator, lines = note[:-1].rpartition("\n\n")
    if not separator:
        raise _malformed("no empty line before the signatures")
    signatures = tuple(_parse_signature(line) for line in lines.split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise _malformed(f"more than {MAX_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def verify_note(note: str, name: str, public_key: bytes) -> str:
    """The note's text, once the signature of the key under that name has verified; other keys' lines are ignored.

    Raises LogError: note_malformed, key_unknown where that key has not signed, signature_wrong where it did not sign
    this text.
    """
    parsed = parse_note(note)
    wanted = key_id(name, public_key)
    ours = [line.value for line in parsed.signatures if (line.name, line.key_id) == (name, wanted)]
    if not ours:
        raise LogError(LogFault.key_unknown, f"not signed by {name} with key {wanted.hex()}")
    key = Ed25519PublicKey.from_public_bytes(public_key)
    for value in ours:
        try:
            key.verify(value, parsed.text.encode())
        except InvalidSignature:
            raise LogError(LogFault.signature_wrong, f"{name} did not sign this text") from None
    return parsed.text


def encode64(data: bytes) -> str:
    """Base 64 of RFC 4648 section 4, with padding."""
    return b64encode(data).decode("ascii")


def decode64(text: str) -> bytes | None:
    """The bytes of canonical base 64; None for anything else, such as a second spelling of the same bytes."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    return data if encode64(data) == text else None


def _parse_signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    blob = decode64(match[2]) if match else None
    if match is None or blob is None or len(blob) <= _KEY_ID_BYTES:
        raise _malformed(f"not a signature line: {line[:80]!r}")
    return Signature(match[1], blob[:_KEY_ID_BYTES], blob[_KEY_ID_BYTES:])


def _malformed(detail: str) -> LogError:
    return LogError(LogFault.note_malformed, detail)
