-- Revert coredepot:coredumps from pg

BEGIN;

DROP TABLE coredumps;
DROP FUNCTION is_state_of_coredump(text, timestamptz, text, uuid, text, text, json, bigint);

COMMIT;
