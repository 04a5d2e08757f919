"""What can be wrong with a note, checkpoint, proof or receipt that somebody hands in."""

from enum import StrEnum


class LogFault(StrEnum):
    """The closed list of reasons for which text about the log is not believed."""

    note_malformed = "note_malformed"
    key_unknown = "key_unknown"
    signature_wrong = "signature_wrong"
    checkpoint_malformed = "checkpoint_malformed"
    origin_wrong = "origin_wrong"
    proof_malformed = "proof_malformed"
    inclusion_wrong = "inclusion_wrong"
    opening_missing = "opening_missing"
    receipt_malformed = "receipt_malformed"
    tile_path_malformed = "tile_path_malformed"
    bundle_malformed = "bundle_malformed"


class LogError(ValueError):
    """Text about the log was not believed; `fault` says why, the message says where."""

    def __init__(self, fault: LogFault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
