-- Revert coredepot:parse_queue from pg

BEGIN;

DROP TABLE sidecar_outages;
DROP FUNCTION requeue_coredumps(bigint[]);
DROP VIEW coredumps_whose_firmware_arrived;
ALTER TABLE firmware_versions DROP COLUMN revision;
ALTER TABLE device_models DROP COLUMN firmware_revision;
DROP INDEX coredumps_awaiting_firmware;
ALTER TABLE coredumps
  DROP COLUMN leased_by, DROP COLUMN awaits_firmware_since, DROP COLUMN awaits_elf;

COMMIT;
