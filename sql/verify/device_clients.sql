-- Verify coredepot:device_clients on pg

BEGIN;

SELECT client_id FROM devices WHERE false;
SELECT 1 / (count(*) = 1)::int FROM pg_indexes
 WHERE tablename = 'devices' AND indexname = 'devices_by_client';
SELECT 1 / has_column_privilege('coredepot_writer', 'devices', 'client_id', 'UPDATE')::int;

ROLLBACK;
