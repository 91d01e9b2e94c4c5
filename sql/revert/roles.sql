-- Revert coredepot:roles from pg
--
-- What the roles may do in this database goes; the roles themselves stay when another database of
-- the cluster still grants them something.

BEGIN;

DROP OWNED BY coredepot_reader, coredepot_writer;

DO $$
BEGIN
  DROP ROLE coredepot_reader, coredepot_writer;
EXCEPTION
  WHEN dependent_objects_still_exist THEN NULL;
END
$$;

COMMIT;
