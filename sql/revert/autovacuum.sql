-- Revert coredepot:autovacuum from pg

BEGIN;

ALTER TABLE devices RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE coredumps RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
  autovacuum_vacuum_insert_scale_factor,
  autovacuum_analyze_scale_factor, autovacuum_analyze_threshold
);

COMMIT;
