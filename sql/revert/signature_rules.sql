-- Revert coredepot:signature_rules from pg

BEGIN;

DROP FUNCTION requeue_for_changed_rules();
DROP FUNCTION replace_signature_rules(bigint, jsonb);
DROP TABLE signature_rules;

COMMIT;
