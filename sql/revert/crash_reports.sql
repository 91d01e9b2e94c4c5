-- Revert coredepot:crash_reports from pg

BEGIN;

DROP INDEX coredumps_signature;
ALTER TABLE coredumps DROP COLUMN signature, DROP COLUMN title, DROP COLUMN report;

COMMIT;
