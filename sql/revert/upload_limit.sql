-- Revert coredepot:upload_limit from pg

BEGIN;

DROP FUNCTION
  upload_wait(timestamptz, timestamptz, interval, interval),
  upload_budget_after(timestamptz, timestamptz, interval, interval);

COMMIT;
