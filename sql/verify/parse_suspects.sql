-- Verify coredepot:parse_suspects on pg

BEGIN;

SELECT leased_alone, suspicion FROM coredumps WHERE false;
SELECT 1 / (position('suspicion' IN prosrc) > 0)::int FROM pg_proc WHERE proname = 'requeue_coredumps';

ROLLBACK;
