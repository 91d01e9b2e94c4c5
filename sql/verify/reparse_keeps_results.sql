-- Verify coredepot:reparse_keeps_results on pg

BEGIN;

SELECT 1 / is_state_of_coredump('PENDING', now(), 'text', NULL, NULL, NULL, NULL, NULL)::int;

ROLLBACK;
