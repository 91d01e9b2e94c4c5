-- Revert coredepot:alert_upkeep from pg

BEGIN;

DROP FUNCTION trim_alerts();
DROP FUNCTION write_digests(integer);
DROP FUNCTION find_spikes(bigint, bigint);
DROP TABLE alert_spikes;
DROP FUNCTION release_held_alerts();

COMMIT;
