-- Revert coredepot:devices from pg

BEGIN;

DROP TABLE devices;
DROP TABLE device_models;

COMMIT;
