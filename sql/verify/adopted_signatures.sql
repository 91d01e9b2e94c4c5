-- Verify coredepot:adopted_signatures on pg

BEGIN;

SELECT 1 / (pg_get_indexdef('signatures_by_previous'::regclass) LIKE '%(device_model_id, previous_signature, id)%')::int;

ROLLBACK;
