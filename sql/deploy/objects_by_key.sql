-- Deploy coredepot:objects_by_key to pg
-- requires: dump_objects

BEGIN;

-- coredepot-fsck compares the bucket's list, which is ordered by bytes, with the rows, page by page.
CREATE INDEX coredumps_object ON coredumps (object COLLATE "C") WHERE object IS NOT NULL;

COMMIT;
