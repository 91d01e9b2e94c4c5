-- Revert coredepot:versions from pg

BEGIN;

DROP TABLE version_devices;
DROP FUNCTION ensure_version(bigint, text, timestamptz);
DROP FUNCTION lock_versions(bigint);
DROP TABLE model_versions;
DROP FUNCTION version_sort_key(text);

COMMIT;
