-- Verify coredepot:kept_file_indexes on pg

BEGIN;

SELECT 1 / (count(*) = 2)::int FROM pg_index
 WHERE indexrelid IN ('coredumps_kept_files'::regclass, 'coredumps_oldest_files'::regclass) AND indisvalid;

ROLLBACK;
