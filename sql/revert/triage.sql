-- Revert coredepot:triage from pg

BEGIN;

DROP FUNCTION split_issue(bigint, bigint, text, text, text);
DROP FUNCTION merge_issue(bigint, bigint, bigint, text, text);
DROP FUNCTION recount_issue(bigint);
DROP FUNCTION comment_issue(bigint, text, text, text);
DROP FUNCTION link_ticket(bigint, bigint, text, text, text);
DROP FUNCTION mute_issue(bigint, bigint, json, timestamptz, bigint, bigint, text, text, text);
DROP FUNCTION open_issue(bigint, bigint, text, text);
DROP FUNCTION resolve_issue(bigint, bigint, text[], boolean, text, text);
DROP FUNCTION version_to_come(bigint, text);
DROP FUNCTION lock_issue(bigint, bigint);

COMMIT;
