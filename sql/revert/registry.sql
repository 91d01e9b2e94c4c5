-- Revert coredepot:registry from pg

BEGIN;

DROP TABLE devices;
DROP TABLE device_models;

COMMIT;
