-- Revert coredepot:count_occurrence from pg

BEGIN;

DROP FUNCTION count_occurrence(bigint, bigint, timestamptz, text, text, json, text, boolean);
DROP FUNCTION judge_occurrence(occurrences, bigint);
DROP FUNCTION reopen_issue(bigint, text, bigint);
DROP FUNCTION is_above(bigint, bigint);
DROP FUNCTION is_regression(bigint, bigint);
DROP FUNCTION count_in_version(bigint, bigint, integer);
DROP FUNCTION take_occurrence(occurrences);
DROP FUNCTION add_occurrence(occurrences);
DROP FUNCTION counted_devices(bigint, bigint, bigint, bigint);
DROP FUNCTION ensure_signature(bigint, text, text, json);
DROP FUNCTION crash_quality(json);
DROP FUNCTION crash_functions(json);
DROP FUNCTION crash_kind(json, text);
DROP FUNCTION lock_numbers(bigint);
DROP FUNCTION make_issue(bigint, text);
DROP FUNCTION note_issue(bigint, text, text, bigint, text, text, text);
DROP FUNCTION lock_mapping(bigint, boolean);

COMMIT;
