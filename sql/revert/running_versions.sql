-- Revert coredepot:running_versions from pg

BEGIN;

DROP TRIGGER device_runs_no_more ON devices;
DROP TRIGGER device_runs ON devices;
DROP FUNCTION count_running();
DROP TABLE running_versions;
ALTER TABLE devices DROP COLUMN running_version, DROP COLUMN running_seen_at;

COMMIT;
