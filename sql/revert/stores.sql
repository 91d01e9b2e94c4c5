-- Revert coredepot:stores from pg

BEGIN;

ALTER TABLE coredumps DROP COLUMN store;
DROP FUNCTION own_store();

COMMIT;
