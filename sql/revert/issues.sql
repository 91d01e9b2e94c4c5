-- Revert coredepot:issues from pg

BEGIN;

DROP TRIGGER occurrence_is_gone ON coredumps;
DROP FUNCTION note_gone_occurrence();
DROP TABLE signature_days, signature_hours, issue_versions, signature_devices, occurrences, signatures,
           issue_history, issue_seen_before, issue_fixes, issue_numbers, issues;
DROP DOMAIN crash_quality;
DROP DOMAIN issue_reason;
DROP DOMAIN issue_state;
DROP EXTENSION pg_trgm;

COMMIT;
