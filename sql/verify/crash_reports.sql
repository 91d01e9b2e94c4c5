-- Verify coredepot:crash_reports on pg

BEGIN;

SELECT signature, title, report FROM coredumps WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_class WHERE relname = 'coredumps_signature' AND relkind = 'i';

ROLLBACK;
