-- What each role may do, given anew after every migration: a table that is added gets its schema's rights.

GRANT USAGE ON SCHEMA ledger, cell, vault, local TO holdfast_writer, holdfast_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger, cell, vault, local TO holdfast_writer, holdfast_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger, cell, vault, local TO holdfast_writer, holdfast_reader;

GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cell, vault, local TO holdfast_writer;

-- The ledger is appended to; the head is the one row of it that moves (invariant 11).
GRANT INSERT ON ALL TABLES IN SCHEMA ledger TO holdfast_writer;
REVOKE UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA ledger FROM holdfast_writer, holdfast_reader, PUBLIC;
GRANT UPDATE ON ledger.head TO holdfast_writer;

-- Whoever connects may see whether its schema is the one it knows.
GRANT SELECT ON public.alembic_version TO holdfast_writer, holdfast_reader;
