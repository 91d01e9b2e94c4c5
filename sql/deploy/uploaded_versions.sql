-- Deploy coredepot:uploaded_versions to pg
-- requires: count_occurrence

BEGIN;

-- A version gets its place when it is uploaded for the first time. If that place is above all others, this is
-- the next version, in which issues were said to be fixed.
CREATE FUNCTION place_uploaded_version() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
  placed bigint;
  fixed  bigint;
BEGIN
  placed := ensure_version(NEW.device_model_id, NEW.version, now());
  PERFORM FROM model_versions v, model_versions other
    WHERE v.id = placed AND other.device_model_id = NEW.device_model_id AND other.uploaded_at IS NOT NULL
      AND (other.epoch, other.sort_key, other.id) > (v.epoch, v.sort_key, v.id)
    LIMIT 1;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  FOR fixed IN SELECT i.id FROM issues i WHERE i.device_model_id = NEW.device_model_id AND i.fixed_in_next
                ORDER BY i.id FOR NO KEY UPDATE LOOP
    UPDATE issues SET fixed_in_next = false, revision = revision + 1, updated_at = now() WHERE id = fixed;
    INSERT INTO issue_fixes (issue_id, version_id) VALUES (fixed, placed) ON CONFLICT DO NOTHING;
    PERFORM note_issue(fixed, 'fixed_in', NEW.version);
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER version_uploaded AFTER INSERT ON firmware_versions
  FOR EACH ROW EXECUTE FUNCTION place_uploaded_version();

COMMIT;
