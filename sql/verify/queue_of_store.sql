-- Verify coredepot:queue_of_store on pg

BEGIN;

SELECT 1 / (count(*) = 1)::int FROM pg_indexes
 WHERE indexname = 'coredumps_queue' AND indexdef LIKE '%(store, next_attempt_at, id)%';

ROLLBACK;
