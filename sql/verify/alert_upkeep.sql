-- Verify coredepot:alert_upkeep on pg

BEGIN;

SELECT issue_id, told_at FROM alert_spikes WHERE false;
SELECT release_held_alerts(), find_spikes(1, 1), write_digests(0), trim_alerts();

ROLLBACK;
