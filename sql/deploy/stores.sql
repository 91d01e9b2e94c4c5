-- Deploy coredepot:stores to pg
-- requires: coredumps

BEGIN;

-- In which folder a core dump's file is: the identity of that COREDUMPS_DIR (its file .store-id), which hosts
-- have each for themselves, or share with the folder. A runner that has another folder cannot parse it.
--
-- A session says what its folder is; so an earlier version's programs, which do not, make rows of which that is
-- not known, as all of before are. Not known is a value (the nil UUID), because the order of an index does not show
-- to a plan behind IS NULL.
CREATE FUNCTION own_store() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('coredepot.store', true), ''),
                  '00000000-0000-0000-0000-000000000000')::uuid
$$;

-- In two steps: a constant does not rewrite the table, and this session's store is not that of the rows of before.
ALTER TABLE coredumps ADD COLUMN store uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE coredumps ALTER COLUMN store SET DEFAULT own_store();
COMMENT ON COLUMN coredumps.store IS
  'Names the COREDUMPS_DIR that its file is in (.store-id there); nil: it is not known';

COMMIT;
