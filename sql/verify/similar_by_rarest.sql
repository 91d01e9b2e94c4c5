-- Verify coredepot:similar_by_rarest on pg

BEGIN;

SELECT 1 / count(*)::int FROM pg_proc
 WHERE proname = 'similar_issues' AND prosrc LIKE '%signatures_with_function%';

ROLLBACK;
