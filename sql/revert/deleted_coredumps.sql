-- Revert coredepot:deleted_coredumps from pg

BEGIN;

DROP TRIGGER device_deleted ON devices;
DROP TRIGGER coredumps_deleted ON coredumps;
DROP FUNCTION note_deleted_device();
DROP FUNCTION note_deleted_coredump();
DROP TABLE deleted_coredumps;

COMMIT;
