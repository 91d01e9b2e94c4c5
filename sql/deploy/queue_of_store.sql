-- Deploy coredepot:queue_of_store to pg
-- requires: stores

BEGIN;

-- The queue of each store, oldest first, so that nobody has to look through what waits for another host,
-- however much that is. (A runner of the previous version finds its next core dump by scanning and sorting
-- this index: slowly, but it ends within a minute.)
DROP INDEX coredumps_queue;
CREATE INDEX coredumps_queue ON coredumps (store, next_attempt_at, id) WHERE parse_status = 'PENDING';

COMMIT;
