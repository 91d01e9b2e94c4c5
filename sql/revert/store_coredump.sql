-- Revert coredepot:store_coredump from pg

BEGIN;

DROP FUNCTION store_coredump(bigint, text, text, text, bigint, timestamptz, integer);

COMMIT;
