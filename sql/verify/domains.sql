-- Verify coredepot:domains on pg

BEGIN;

-- By name: later changes have domains of their own.
SELECT 1 / (count(*) = 14)::int FROM pg_type
 WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace
   AND typname IN ('model_code', 'device_key', 'display_name', 'firmware_version', 'sha256_hex',
                   'sha256_hex_prefix', 'sha256_digest', 'chip_name', 'dump_size', 'idempotency_key',
                   'attempt_count', 'crash_signature', 'crash_title', 'crash_report');
SELECT 1 / (count(*) = 1)::int FROM pg_constraint WHERE conname = 'coredumps_state_check';
SELECT id, device_model_id FROM coredumps_whose_firmware_arrived WHERE false;
SELECT 1 / (count(*) = 0)::int FROM pg_class WHERE relname = 'coredumps_by_sha256';

ROLLBACK;
