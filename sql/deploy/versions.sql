-- Deploy coredepot:versions to pg
-- requires: firmware
-- requires: times

BEGIN;

-- The key by which a version is compared; null: it cannot be read, and is ordered by its upload.
--
-- A readable version is `v?N(.N)*`, then maybe `-dev`, `-alpha`, `-beta` or `-rc` with numbers, then maybe
-- `-N-gHASH` as `git describe` writes it, then maybe `+N`, then maybe `-dirty`. Arrays compare member by
-- member. Each list of numbers ends with -1, which is below all of them: so 1.8 comes before 1.8.0.1, and rc
-- before rc1.
CREATE FUNCTION version_sort_key(version text) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts   text[] := regexp_match(lower(version),
    '^v?(\d+(?:\.\d+)*)'
    '(?:-(dev|alpha|beta|rc)(?:[.-]?(\d+(?:\.\d+)*))?)?'
    '(?:-(\d+)-g[0-9a-f]+)?'
    '(\+(?:build|b)?[.-]?(\d+(?:\.\d+)*)|\+[0-9a-z.]+)?'
    '(-dirty)?$');
  numbers numeric[];
BEGIN
  IF parts IS NULL THEN
    RETURN NULL;
  END IF;
  -- 1.8 and 1.8.0 are at one place; then the upload decides.
  numbers := string_to_array(regexp_replace(parts[1], '(\.0+)+$', ''), '.')::numeric[];
  RETURN numbers || -1::numeric
      || CASE parts[2] WHEN 'dev' THEN 0 WHEN 'alpha' THEN 1 WHEN 'beta' THEN 2 WHEN 'rc' THEN 3 ELSE 4 END::numeric
      || coalesce(string_to_array(parts[3], '.')::numeric[], '{}') || -1::numeric
      || coalesce(parts[4], '0')::numeric
      || coalesce(string_to_array(parts[6], '.')::numeric[],
                  CASE WHEN parts[5] IS NULL THEN '{}' ELSE '{0}' END::numeric[]) || -1::numeric
      || (parts[7] IS NOT NULL)::int::numeric;
END
$$;

-- A version stays when its bundle is gone, because core dumps were decoded with it and issues were fixed in
-- it.
CREATE TABLE model_versions (
  id              bigint           PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_model_id bigint           NOT NULL REFERENCES device_models ON DELETE CASCADE,
  version         firmware_version NOT NULL,
  epoch           integer          NOT NULL,
  sort_key        numeric[]        NOT NULL,
  uploaded_at     timestamptz,
  occurrences     bigint           NOT NULL DEFAULT 0,
  devices         bigint           NOT NULL DEFAULT 0,
  created_at      timestamptz      NOT NULL DEFAULT now(),
  UNIQUE (device_model_id, version)
) WITH (fillfactor = 80);
COMMENT ON TABLE  model_versions             IS
  'The versions of a model that were ever uploaded or named; in order of (epoch, sort_key, id)';
COMMENT ON COLUMN model_versions.epoch       IS
  'Begins when a model changes between versions that can be read and others, so that the order is total';
COMMENT ON COLUMN model_versions.sort_key    IS 'version_sort_key(); empty: it cannot be read';
COMMENT ON COLUMN model_versions.uploaded_at IS
  'first; null: it was only named, as the version in which an issue will be fixed';
COMMENT ON COLUMN model_versions.occurrences IS 'core dumps that were decoded with it, ever';
COMMENT ON COLUMN model_versions.devices     IS 'how many devices those were of';
CREATE INDEX model_versions_by_name ON model_versions (version);
CREATE INDEX model_versions_in_order ON model_versions (device_model_id, epoch, sort_key, id);

CREATE FUNCTION lock_versions(of_model bigint) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('versions of a model', of_model))
$$;

-- The version's ID. A new version is put in its place. `at`: when it was uploaded; null: it was not.
CREATE FUNCTION ensure_version(of_model bigint, named text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  known    bigint;
  uploaded timestamptz;
  latest   record;
  key      numeric[];
BEGIN
  FOR attempt IN 1..2 LOOP
    SELECT v.id, v.uploaded_at INTO known, uploaded FROM model_versions v
     WHERE v.device_model_id = of_model AND v.version = named;
    IF FOUND THEN
      IF uploaded IS NULL AND at IS NOT NULL THEN
        UPDATE model_versions v SET uploaded_at = at WHERE v.id = known;
      END IF;
      RETURN known;
    END IF;
    PERFORM lock_versions(of_model);
  END LOOP;
  key := coalesce(version_sort_key(named), '{}');
  SELECT v.epoch, v.sort_key <> '{}' AS readable INTO latest FROM model_versions v
   WHERE v.device_model_id = of_model
   ORDER BY v.epoch DESC, v.sort_key DESC, v.id DESC LIMIT 1;
  INSERT INTO model_versions (device_model_id, version, epoch, sort_key, uploaded_at)
  VALUES (of_model, named,
          CASE WHEN latest.epoch IS NULL THEN 1
               WHEN latest.readable = (key <> '{}') THEN latest.epoch
               ELSE latest.epoch + 1 END,
          key, at)
  RETURNING id INTO known;
  RETURN known;
END
$$;

-- Which devices crashed with a version. Devices are not references, because counts outlive them.
CREATE TABLE version_devices (
  version_id  bigint NOT NULL REFERENCES model_versions ON DELETE CASCADE,
  device_id   bigint NOT NULL,
  occurrences bigint NOT NULL,
  PRIMARY KEY (version_id, device_id)
) WITH (fillfactor = 90);

-- Add what was uploaded so far, in the order of the uploads.
DO $$
DECLARE
  v record;
BEGIN
  FOR v IN SELECT device_model_id, version, created_at FROM firmware_versions ORDER BY id LOOP
    PERFORM ensure_version(v.device_model_id, v.version, v.created_at);
  END LOOP;
END
$$;

GRANT SELECT ON model_versions, version_devices TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE ON model_versions TO coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON version_devices TO coredepot_writer;
REVOKE EXECUTE ON FUNCTION lock_versions(bigint), ensure_version(bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_versions(bigint), ensure_version(bigint, text, timestamptz) TO coredepot_writer;

COMMIT;
