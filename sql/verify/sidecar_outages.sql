-- Verify coredepot:sidecar_outages on pg

BEGIN;

SELECT sidecar, failures, since, ask_next_at FROM sidecar_outages WHERE false;
SELECT 1 / has_table_privilege('coredepot_writer', 'sidecar_outages', 'DELETE')::int;

ROLLBACK;
