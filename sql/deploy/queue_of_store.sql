-- Deploy coredepot:queue_of_store to pg
-- requires: stores

BEGIN;

-- The queue of each store, oldest first: what waits for another host, however much it is, is not looked through
-- by those who cannot parse it. (A runner of the version before finds its next one by walking and sorting this
-- index: slowly, but for a minute at most, after which it ends.)
DROP INDEX coredumps_queue;
CREATE INDEX coredumps_queue ON coredumps (store, next_attempt_at, id) WHERE parse_status = 'PENDING';

COMMIT;
