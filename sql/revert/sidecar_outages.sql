-- Revert coredepot:sidecar_outages from pg

BEGIN;

DROP TABLE sidecar_outages;

COMMIT;
