-- Revert coredepot:alert_delivery from pg

BEGIN;

DROP FUNCTION test_alert(bigint);
DROP FUNCTION record_alert(bigint, uuid, bigint, text, integer, bigint, text, text, bigint);
DROP FUNCTION claim_alert(bigint, text);
DROP FUNCTION next_alert_in();
DROP FUNCTION alert_due_at(alert_targets);
DROP FUNCTION pack_alerts(alert_targets, text);
DROP FUNCTION make_message(bigint, text, text[], json);
DROP INDEX issue_history_of_openings;
DROP FUNCTION digest_facts(text[], text);
DROP FUNCTION event_facts(alert_events, text);
DROP FUNCTION issue_facts(bigint, text);
DROP FUNCTION issue_url(text, text);
DROP FUNCTION iso_time(timestamptz);

COMMIT;
