"""The embedded server's settings: what differs from PostgreSQL's own defaults, and why."""

import os
from pathlib import Path

_MB = 1024 * 1024


def server_settings(port: int, sockets: Path, log: Path) -> str:
    """The text of holdfast.conf, which postgresql.conf includes. `ALTER SYSTEM` still overrides it."""
    values = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "password_encryption": "scram-sha-256",
        "shared_buffers": f"{_shared_buffers_mb()}MB",
        "huge_pages": "off",
        "wal_level": "replica",
        "synchronous_commit": "on",
        "max_wal_size": "2GB",
        "jit": "off",
        "random_page_cost": "1.1",
        # A cell that was just filled has no statistics yet, and the planner guesses badly without.
        "autovacuum_naptime": "5s",
        # Requests are short, and parallel workers need /dev/shm, of which containers get 64 MB.
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(log.parent),
        "log_filename": log.name,
        # One file, which EmbeddedServer.bound_log keeps small: rotation by size would never overwrite.
        "log_rotation_age": "0",
        "log_rotation_size": "0",
        # A constraint's DETAIL and a statement's text carry people's data; neither belongs in a log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_checkpoints": "off",
    }
    lines = ["# Written by Holdfast at each start. Use ALTER SYSTEM to change a setting for good."]
    return "\n".join([*lines, *(f"{name} = {_quoted(value)}" for name, value in values.items())]) + "\n"


def _shared_buffers_mb() -> int:
    """An eighth of the machine's memory, within 64 MB and 1 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(64, min(1024, memory // 8 // _MB))


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
