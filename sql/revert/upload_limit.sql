-- Revert coredepot:upload_limit from pg

BEGIN;

DROP FUNCTION
  store_coredump(interval, interval, bigint, text, text, text, bigint, timestamptz, integer);
ALTER TABLE devices DROP COLUMN upload_budget_full_at;

COMMIT;

-- The one that knew no limit.
\ir ../deploy/store_coredump.sql
