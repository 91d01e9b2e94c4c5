-- Verify coredepot:issues on pg

BEGIN;

SELECT state, reason, revision, occurrences, devices, kept FROM issues WHERE false;
SELECT signature, issue_id, functions, searched FROM signatures WHERE false;
SELECT coredump_id, signature_id, version_id, gone FROM occurrences WHERE false;
SELECT issue_id, event, by_sub, coredump_id FROM issue_history WHERE false;
SELECT f.issue_id, s.version_id FROM issue_fixes f, issue_seen_before s WHERE false;
SELECT occurrences FROM signature_devices WHERE false;
SELECT occurrences FROM issue_versions WHERE false;
SELECT h.hour, d.day FROM signature_hours h, signature_days d WHERE false;
SELECT last_number FROM issue_numbers WHERE false;

ROLLBACK;
