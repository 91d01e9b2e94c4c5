-- Verify coredepot:devices on pg

BEGIN;

SELECT id, code, name, firmware_version, created_at, updated_at FROM device_models WHERE false;
SELECT id, key, device_model_id, device_name, last_coredump_at, created_at, updated_at
  FROM devices WHERE false;
SELECT 1 / (NOT has_column_privilege('coredepot_writer', 'device_models', 'code', 'UPDATE'))::int;
SELECT 1 / (NOT has_table_privilege('coredepot_reader', 'devices', 'INSERT'))::int;

ROLLBACK;
