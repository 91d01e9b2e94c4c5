-- Revert coredepot:kept_file_indexes from pg

CREATE INDEX CONCURRENTLY IF NOT EXISTS coredumps_signature ON coredumps (signature) WHERE signature IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS coredumps_oldest_files;
DROP INDEX CONCURRENTLY IF EXISTS coredumps_kept_files;
