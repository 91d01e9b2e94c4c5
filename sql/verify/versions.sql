-- Verify coredepot:versions on pg

BEGIN;

SELECT id, epoch, sort_key, uploaded_at, occurrences, devices FROM model_versions WHERE false;
SELECT version_id, device_id, occurrences FROM version_devices WHERE false;
SELECT 1 / (version_sort_key('1.9') < version_sort_key('v1.10-rc1'))::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'ensure_version(bigint, text, timestamptz)', 'EXECUTE')::int;

ROLLBACK;
