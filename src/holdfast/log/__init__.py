"""The log: a Merkle tree over salted commitments, its tiles, checkpoints, proofs and receipts. No disk, no clock."""
