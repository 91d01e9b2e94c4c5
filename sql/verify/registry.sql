-- Verify coredepot:registry on pg

BEGIN;

SELECT id, code, name, firmware_version, firmware_revision, created_at, updated_at
  FROM device_models WHERE false;
SELECT id, key, device_model_id, device_name, client_id, last_coredump_at, upload_budget_full_at,
       created_at, updated_at
  FROM devices WHERE false;
SELECT 1 / (count(*) = 2)::int FROM pg_indexes
 WHERE tablename = 'devices' AND indexname IN ('devices_by_model', 'devices_by_client');
SELECT 1 / (count(*) = 1)::int FROM pg_class
 WHERE oid = 'devices'::regclass AND 'autovacuum_vacuum_scale_factor=0.02' = ANY (reloptions);
SELECT 1 / (NOT has_column_privilege('coredepot_writer', 'device_models', 'code', 'UPDATE'))::int;
SELECT 1 / has_column_privilege('coredepot_writer', 'device_models', 'firmware_revision', 'UPDATE')::int;
SELECT 1 / has_column_privilege('coredepot_writer', 'devices', 'upload_budget_full_at', 'UPDATE')::int;
SELECT 1 / has_column_privilege('coredepot_writer', 'devices', 'client_id', 'UPDATE')::int;
SELECT 1 / (NOT has_table_privilege('coredepot_reader', 'devices', 'INSERT'))::int;

ROLLBACK;
