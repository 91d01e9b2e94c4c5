-- Revert coredepot:quick_similar from pg

BEGIN;

DROP FUNCTION similar_issues(bigint, bigint);

COMMIT;
