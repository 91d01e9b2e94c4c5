-- Deploy coredepot:kept_elves to pg
-- requires: coredumps
-- requires: firmware

BEGIN;

-- A version may be built and uploaded again. Then devices download the new build, but core dumps of the
-- earlier one still need its ELF.
CREATE TABLE kept_elves (
  device_model_id bigint           NOT NULL REFERENCES device_models ON DELETE CASCADE,
  elf_sha256      sha256_hex       NOT NULL,
  version         firmware_version NOT NULL,
  needed_at       timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (device_model_id, elf_sha256)
);
COMMENT ON TABLE  kept_elves           IS
  'ELFs of builds that a later one of the same version has replaced; each is in a bundle of its own on disk';
COMMENT ON COLUMN kept_elves.needed_at IS
  'When it was replaced, or, to the day, a core dump was last decoded with it';
-- A core dump names its ELF by the start of this hash.
CREATE INDEX kept_elves_by_elf ON kept_elves (device_model_id, elf_sha256 text_pattern_ops);

GRANT SELECT ON kept_elves TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON kept_elves TO coredepot_writer;

-- Replaced by firmware_objects.sql.
CREATE FUNCTION keep_replaced_elf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kept_elves (device_model_id, elf_sha256, version)
  VALUES (OLD.device_model_id, OLD.elf_sha256, OLD.version)
      ON CONFLICT (device_model_id, elf_sha256) DO UPDATE SET version = OLD.version, needed_at = now();
  RETURN NULL;
END
$$;
CREATE TRIGGER elf_replaced AFTER UPDATE OF elf_sha256 ON firmware_versions FOR EACH ROW
  WHEN (OLD.elf_sha256 IS NOT NULL AND NEW.elf_sha256 IS DISTINCT FROM OLD.elf_sha256)
  EXECUTE FUNCTION keep_replaced_elf();

-- Forgets all but `most` of a model's kept ELFs, and returns them. First those that no core dump in the queue
-- may need; among them, those that have not been needed for the longest time.
CREATE FUNCTION give_up_elves(of_model bigint, most integer) RETURNS SETOF text LANGUAGE sql AS $$
  DELETE FROM kept_elves k
   WHERE k.device_model_id = of_model
     AND k.elf_sha256 IN (
       SELECT e.elf_sha256 FROM kept_elves e
        WHERE e.device_model_id = of_model
        ORDER BY EXISTS (
                   SELECT FROM coredumps c JOIN devices d ON d.id = c.device_id
                    WHERE c.parse_status = 'PENDING' AND c.firmware_version = e.version
                      AND d.device_model_id = of_model) DESC,
                 e.needed_at DESC, e.elf_sha256
       OFFSET most)
  RETURNING k.elf_sha256
$$;
REVOKE EXECUTE ON FUNCTION give_up_elves(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION give_up_elves(bigint, integer) TO coredepot_writer;

COMMIT;
