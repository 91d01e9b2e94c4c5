-- Revert coredepot:parse_queue from pg

BEGIN;

DROP FUNCTION requeue_coredumps(bigint[]);
DROP VIEW coredumps_whose_firmware_arrived;

COMMIT;
