-- Verify coredepot:exact_upload_limit on pg

BEGIN;

SELECT 1 / count(*)::int FROM pg_proc
 WHERE proname = 'record_upload' AND prosrc LIKE '%upload_window) IS NOT TRUE%';

ROLLBACK;
