-- Verify coredepot:expired_files on pg

BEGIN;

SELECT file_expired_at FROM coredumps WHERE false;
SELECT coredump_id, device_key, filename FROM expired_files WHERE false;
SELECT files, bytes, unmet_limit, unmet_since FROM kept_files WHERE false;
SELECT files, bytes, expired_of FROM coredump_file_changes WHERE false;
SELECT signature_id, expired FROM signature_files WHERE false;
SELECT 1 / (count(*) = 1)::int FROM kept_files;
SELECT 1 / (count(*) = 2)::int FROM pg_trigger
 WHERE tgname IN ('coredump_file_counted', 'coredump_files_truncated');

ROLLBACK;
