-- Verify coredepot:coredumps_ahead on pg

BEGIN;

SELECT ahead FROM coredump_statistics WHERE false;
SELECT 1 / (position('ahead' IN prosrc) > 0)::int FROM pg_proc WHERE proname = 'count_coredumps';

ROLLBACK;
