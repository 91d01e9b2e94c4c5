-- Revert coredepot:device_counts from pg

BEGIN;

DROP TRIGGER devices_inserted ON devices;
DROP TRIGGER devices_deleted ON devices;
DROP TRIGGER devices_truncated ON devices;
DROP FUNCTION count_devices();
ALTER TABLE device_models DROP COLUMN device_count;

COMMIT;
