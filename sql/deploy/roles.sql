-- Deploy coredepot:roles to pg
--
-- Roles belong to the cluster, not to the database. So they may exist already, because another Coredepot
-- database on the same server made them. They have no password; a sysadmin gives them one, or lets them in by
-- peer authentication.

BEGIN;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coredepot_reader') THEN
    CREATE ROLE coredepot_reader LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coredepot_writer') THEN
    CREATE ROLE coredepot_writer LOGIN;
  END IF;
END
$$;

COMMENT ON ROLE coredepot_reader IS 'Coredepot: list, detail, download, status';
COMMENT ON ROLE coredepot_writer IS 'Coredepot: upload, delete, firmware, registry, parse runner';

COMMIT;
