-- Verify coredepot:alert_targets on pg

BEGIN;

SELECT address, secret, events, lease, quiet_until FROM alert_targets WHERE false;
SELECT target_id, issue_id, cause, held_for FROM alert_events WHERE false;
SELECT uid, body, next_attempt_at FROM alert_messages WHERE false;
SELECT outcome, status, answer FROM alert_deliveries WHERE false;
SELECT 1 / count(*) FROM alert_backlog;
SELECT waiting, is_rotating FROM alert_target_summaries WHERE false;
SELECT note_alert(0, 0, 0, 'issue.created', '{}');

ROLLBACK;
