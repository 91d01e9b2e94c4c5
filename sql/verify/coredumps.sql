-- Verify coredepot:coredumps on pg

BEGIN;

SELECT id, device_id, filename, chip, firmware_version, size, uploaded_at, parse_status,
       parsed_output, parsed_at, attempts, next_attempt_at, lease, last_error, created_at,
       updated_at
  FROM coredumps WHERE false;
SELECT 1 / (count(*) = 2)::int FROM pg_class
 WHERE relname IN ('coredumps_newest_first', 'coredumps_queue') AND relkind = 'i';

ROLLBACK;
