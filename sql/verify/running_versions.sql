-- Verify coredepot:running_versions on pg

BEGIN;

SELECT running_version, running_seen_at FROM devices WHERE false;
SELECT device_model_id, version, devices FROM running_versions WHERE false;
SELECT 1 / (count(*) = 2)::int FROM pg_trigger WHERE tgfoid = 'count_running()'::regprocedure;

ROLLBACK;
