-- Verify coredepot:parse_queue on pg

BEGIN;

SELECT leased_by, awaits_firmware_since, awaits_elf FROM coredumps WHERE false;
SELECT firmware_revision FROM device_models WHERE false;
SELECT revision FROM firmware_versions WHERE false;
SELECT sidecar, failures, since, ask_next_at FROM sidecar_outages WHERE false;
SELECT id, device_model_id FROM coredumps_whose_firmware_arrived WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer', 'requeue_coredumps(bigint[])', 'EXECUTE')::int;
SELECT 1 / has_column_privilege('coredepot_writer', 'device_models', 'firmware_revision', 'UPDATE')::int;

ROLLBACK;
