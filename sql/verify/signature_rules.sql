-- Verify coredepot:signature_rules on pg

BEGIN;

SELECT device_model_id, rules, revision, requeued_to, updated_at FROM signature_rules WHERE false;
SELECT 1 / has_table_privilege('coredepot_writer', 'signature_rules', 'UPDATE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'replace_signature_rules(bigint, jsonb)', 'EXECUTE')::int;
SELECT 1 / has_function_privilege('coredepot_writer', 'requeue_for_changed_rules()', 'EXECUTE')::int;

ROLLBACK;
