-- Revert coredepot:device_clients from pg

BEGIN;

DROP INDEX devices_by_client;
ALTER TABLE devices DROP COLUMN client_id;
DROP DOMAIN client_id;

COMMIT;
