-- Verify coredepot:domains on pg

BEGIN;

SELECT 1 / (count(*) = 14)::int FROM pg_type WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace;
SELECT 1 / (count(*) = 1)::int FROM pg_constraint WHERE conname = 'coredumps_state_check';
SELECT id, device_model_id FROM coredumps_whose_firmware_arrived WHERE false;
SELECT 1 / (count(*) = 0)::int FROM pg_class WHERE relname = 'coredumps_by_sha256';

ROLLBACK;
