-- Deploy coredepot:kept_file_indexes to pg
-- requires: expired_files
--
-- Outside a transaction and concurrently, because uploads go on. An index left by an interrupted attempt is
-- invalid.

-- The files of a signature, and those without one, oldest first. PENDING core dumps are in neither, so
-- uploads pay nothing for them.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_kept_files;
CREATE INDEX CONCURRENTLY coredumps_kept_files ON coredumps (signature, uploaded_at, id)
  WHERE file_expired_at IS NULL AND parse_status <> 'PENDING';
-- And all files.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_oldest_files;
CREATE INDEX CONCURRENTLY coredumps_oldest_files ON coredumps (uploaded_at)
  WHERE file_expired_at IS NULL AND parse_status <> 'PENDING';
-- Nothing looks for a signature without its model any more.
DROP INDEX CONCURRENTLY IF EXISTS coredumps_signature;
