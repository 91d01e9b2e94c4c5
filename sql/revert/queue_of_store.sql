-- Revert coredepot:queue_of_store from pg

BEGIN;

DROP INDEX coredumps_queue;
CREATE INDEX coredumps_queue ON coredumps (next_attempt_at, id) WHERE parse_status = 'PENDING';

COMMIT;
