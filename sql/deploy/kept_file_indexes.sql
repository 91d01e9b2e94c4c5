-- Deploy coredepot:kept_file_indexes to pg
-- requires: expired_files
--
-- In no transaction, and concurrently: uploads go on meanwhile. What an attempt that was cut off has left is not valid.

-- The files of a signature, and of those without one, oldest first. PENDING core dumps are in none of these, so they
-- cost an upload nothing.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_kept_files;
CREATE INDEX CONCURRENTLY coredumps_kept_files ON coredumps (signature, uploaded_at, id)
  WHERE file_expired_at IS NULL AND parse_status <> 'PENDING';
-- And of all.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_oldest_files;
CREATE INDEX CONCURRENTLY coredumps_oldest_files ON coredumps (uploaded_at)
  WHERE file_expired_at IS NULL AND parse_status <> 'PENDING';
-- Nobody looks for a signature without its model any more.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_signature;
