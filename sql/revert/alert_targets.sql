-- Revert coredepot:alert_targets from pg

BEGIN;

DROP VIEW alert_target_summaries, alert_backlog;
DROP TRIGGER open_issue_is_told ON issues;
DROP TRIGGER new_issue_is_told ON issue_history;
DROP FUNCTION tell_of_open_issue();
DROP FUNCTION tell_of_new_issue();
DROP FUNCTION note_alert(bigint, bigint, bigint, text, json);
DROP TABLE alert_deliveries, alert_messages, alert_events, alert_targets;
DROP DOMAIN alert_event;

COMMIT;
