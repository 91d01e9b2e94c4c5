-- Deploy coredepot:stores to pg
-- requires: coredumps

BEGIN;

-- The folder that holds a core dump's file: the identity of that COREDUMPS_DIR (its file .store-id). Each
-- host has its own, or shares it with the folder. A runner with another folder cannot parse the core dump.
--
-- A session says which folder it has. Programs of an earlier version do not, so the folder of their rows is
-- unknown, as it is for all earlier rows. Unknown is a value (the nil UUID), because with IS NULL the planner
-- does not see the order of an index.
CREATE FUNCTION own_store() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('coredepot.store', true), ''),
                  '00000000-0000-0000-0000-000000000000')::uuid
$$;

-- In two steps: a constant does not rewrite the table, and this session's store is not that of earlier rows.
ALTER TABLE coredumps ADD COLUMN store uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE coredumps ALTER COLUMN store SET DEFAULT own_store();
COMMENT ON COLUMN coredumps.store IS
  'Names the COREDUMPS_DIR that its file is in (.store-id there); nil: it is not known';

COMMIT;
