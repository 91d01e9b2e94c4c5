-- Verify coredepot:parse_queue on pg

BEGIN;

SELECT id, device_model_id FROM coredumps_whose_firmware_arrived WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer', 'requeue_coredumps(bigint[])', 'EXECUTE')::int;

ROLLBACK;
