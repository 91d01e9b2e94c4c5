-- Verify coredepot:reports_as_text on pg

BEGIN;

SELECT 1 / (count(*) = 1)::int FROM information_schema.columns
 WHERE table_name = 'coredumps' AND column_name = 'report' AND data_type = 'json';

ROLLBACK;
