-- Revert coredepot:roles from pg
--
-- What the roles may do in this database went with its tables. The roles themselves stay when
-- something still grants them anything: another database of the cluster, or a sysadmin.

BEGIN;

DO $$
BEGIN
  DROP ROLE coredepot_reader, coredepot_writer;
EXCEPTION
  WHEN dependent_objects_still_exist THEN NULL;
END
$$;

COMMIT;
