-- Verify coredepot:coredumps on pg

BEGIN;

SELECT id, device_id, filename, chip, firmware_version, size, sha256, idempotency_key, uploaded_at,
       came_late, parse_status, next_attempt_at, attempts, lease, leased_by, leased_alone, suspicion,
       last_error, parsed_at, parsed_output, signature, title, report, awaits_firmware_since, awaits_elf,
       created_at, updated_at
  FROM coredumps WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_constraint WHERE conname = 'coredumps_state_check';
SELECT 1 / (count(*) = 5)::int FROM pg_indexes
 WHERE tablename = 'coredumps'
   AND indexname IN ('coredumps_newest_first', 'coredumps_queue', 'coredumps_pending_since',
                     'coredumps_awaiting_firmware', 'coredumps_idempotency_key');
SELECT 1 / (count(*) = 1)::int FROM pg_class
 WHERE oid = 'coredumps'::regclass AND 'autovacuum_vacuum_scale_factor=0.02' = ANY (reloptions);

ROLLBACK;
