-- Deploy coredepot:autovacuum to pg
-- requires: coredumps

BEGIN;

-- Every core dump is a row that comes, changes twice (claimed, parsed) and goes. By default vacuum
-- waits until a fifth of a table is dead: of ten million rows two million, which the queue's index
-- leads through before it comes to one that lives. At a fiftieth vacuum comes ten times as often and
-- has a tenth to do each time.
ALTER TABLE coredumps SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
-- Changes with each upload, mostly within its page.
ALTER TABLE devices SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

COMMIT;
