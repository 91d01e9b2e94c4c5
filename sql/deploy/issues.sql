-- Deploy coredepot:issues to pg
-- requires: versions
-- requires: coredumps

BEGIN;

-- For searching titles and functions by a part of their text.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE DOMAIN issue_state   AS text CHECK (VALUE IN ('open', 'resolved', 'muted', 'merged'));
CREATE DOMAIN issue_reason  AS text CHECK (VALUE IN ('new', 'regressed', 'unmuted', 'reopened'));
CREATE DOMAIN crash_quality AS text CHECK (VALUE IN ('full', 'short', 'guessed', 'unverified'));

-- Issues, which people work on: one or more signatures of a model, with a state and a history.
--
-- Counts belong to signatures. An issue's counts are the sums of its signatures' and are stored beside it,
-- because lists sort by them (recount_issue() makes them again). `kept` of both still includes core dumps
-- that were deleted but not settled yet: see occurrences.
CREATE TABLE issues (
  id                   bigint       PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_model_id      bigint       NOT NULL REFERENCES device_models ON DELETE CASCADE,
  number               bigint       NOT NULL,
  state                issue_state  NOT NULL DEFAULT 'open',
  reason               issue_reason,
  revision             bigint       NOT NULL DEFAULT 1,

  resolved_at          timestamptz,
  fixed_in_next        boolean      NOT NULL DEFAULT false,
  regressed_version_id bigint       REFERENCES model_versions,
  new_version_id       bigint       REFERENCES model_versions,
  mute                 json,
  unmute_at            timestamptz,
  unmute_occurrences   bigint,
  unmute_devices       bigint,
  unmute_after_id      bigint       REFERENCES model_versions,
  merged_into          bigint       REFERENCES issues ON DELETE CASCADE,
  ticket_url           text         CHECK (length(ticket_url) BETWEEN 1 AND 2000),

  title                crash_title,
  kind                 text         NOT NULL DEFAULT '',
  quality              crash_quality NOT NULL DEFAULT 'full',
  occurrences          bigint       NOT NULL DEFAULT 0,
  devices              bigint       NOT NULL DEFAULT 0,
  kept                 bigint       NOT NULL DEFAULT 0,
  unverified           bigint       NOT NULL DEFAULT 0,
  first_seen           timestamptz,
  last_seen            timestamptz,

  created_at           timestamptz  NOT NULL DEFAULT now(),
  updated_at           timestamptz  NOT NULL DEFAULT now(),

  UNIQUE (device_model_id, number),
  CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
COMMENT ON COLUMN issues.number        IS 'counts from 1 in each model: THERMOSTAT-12';
COMMENT ON COLUMN issues.reason        IS 'why it is open';
COMMENT ON COLUMN issues.revision      IS 'how many times its state or its signatures were changed, and one';
COMMENT ON COLUMN issues.fixed_in_next IS 'resolved in the next version that is uploaded and above all others';
COMMENT ON COLUMN issues.mute          IS 'until when, as it was asked for; null: for ever, or it is not muted';
COMMENT ON COLUMN issues.unmute_occurrences IS 'unmuted when `occurrences` is so many';
COMMENT ON COLUMN issues.unmute_devices     IS 'unmuted when `devices` is so many';
COMMENT ON COLUMN issues.unmute_after_id    IS 'unmuted by a core dump of a version above this one';
COMMENT ON COLUMN issues.title         IS 'with kind and quality: those of its oldest signature';
COMMENT ON COLUMN issues.devices       IS 'devices that crashed with any of its signatures, ever';

-- The orders of lists. An issue that has lost all its core dumps to others has neither first_seen nor
-- last_seen.
CREATE INDEX issues_by_last_seen   ON issues (coalesce(last_seen, created_at) DESC, id DESC);
CREATE INDEX issues_by_first_seen  ON issues (coalesce(first_seen, created_at) DESC, id DESC);
CREATE INDEX issues_by_devices     ON issues (devices DESC, id DESC);
CREATE INDEX issues_by_occurrences ON issues (occurrences DESC, id DESC);
-- Also for issues that may be few among many.
CREATE INDEX issues_open           ON issues (device_model_id) WHERE state = 'open';
CREATE INDEX issues_muted          ON issues (device_model_id) WHERE state = 'muted';
CREATE INDEX issues_regressed      ON issues (device_model_id) WHERE reason = 'regressed';
CREATE INDEX issues_fixed_in_next  ON issues (device_model_id) WHERE fixed_in_next;
CREATE INDEX issues_unmuted_at     ON issues (unmute_at) WHERE unmute_at IS NOT NULL;
CREATE INDEX issues_merged         ON issues (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX issues_unmuted_after ON issues (unmute_after_id) WHERE unmute_after_id IS NOT NULL;
CREATE INDEX issues_new_in         ON issues (new_version_id);
CREATE INDEX issues_regressed_in   ON issues (regressed_version_id) WHERE regressed_version_id IS NOT NULL;

-- The last number used in each model.
CREATE TABLE issue_numbers (
  device_model_id bigint PRIMARY KEY REFERENCES device_models ON DELETE CASCADE,
  last_number     bigint NOT NULL DEFAULT 0
);

-- The versions in which an issue is fixed, while it is resolved, and those in which it had been seen by then.
CREATE TABLE issue_fixes (
  issue_id   bigint NOT NULL REFERENCES issues ON DELETE CASCADE,
  version_id bigint NOT NULL REFERENCES model_versions,
  PRIMARY KEY (issue_id, version_id)
);
CREATE INDEX issue_fixes_by_version ON issue_fixes (version_id);
CREATE TABLE issue_seen_before (
  issue_id   bigint NOT NULL REFERENCES issues ON DELETE CASCADE,
  version_id bigint NOT NULL REFERENCES model_versions,
  PRIMARY KEY (issue_id, version_id)
);
COMMENT ON TABLE issue_seen_before IS
  'The versions that it had been seen in, by a verified ELF, when it was resolved';

CREATE TABLE issue_history (
  id          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  issue_id    bigint      NOT NULL REFERENCES issues ON DELETE CASCADE,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  event       text        NOT NULL,
  by_sub      text,
  by_name     text,
  version     text,
  coredump_id bigint,
  comment     text        CHECK (length(comment) BETWEEN 1 AND 10000)
);
COMMENT ON COLUMN issue_history.by_sub IS 'the token''s subject; null: nobody did it, or tokens are not checked';
CREATE INDEX issue_history_in_order ON issue_history (issue_id, id DESC);

-- Computed by the decoder: the same for one bug in any build.
CREATE TABLE signatures (
  id                bigint          PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  device_model_id   bigint          NOT NULL REFERENCES device_models ON DELETE CASCADE,
  signature         crash_signature NOT NULL,
  previous_signature text,
  issue_id          bigint          NOT NULL REFERENCES issues ON DELETE CASCADE,
  title             crash_title,
  kind              text            NOT NULL DEFAULT '',
  functions         text[]          NOT NULL DEFAULT '{}',
  searched          text            NOT NULL DEFAULT '',
  quality           crash_quality   NOT NULL DEFAULT 'full',
  occurrences       bigint          NOT NULL DEFAULT 0,
  devices           bigint          NOT NULL DEFAULT 0,
  kept              bigint          NOT NULL DEFAULT 0,
  unverified        bigint          NOT NULL DEFAULT 0,
  first_seen        timestamptz,
  last_seen         timestamptz,
  settled_first     timestamptz,
  settled_last      timestamptz,
  first_coredump_id bigint,
  created_at        timestamptz     NOT NULL DEFAULT now(),
  UNIQUE (device_model_id, signature)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
COMMENT ON COLUMN signatures.previous_signature IS 'by the rules before; null: the decoder gave none';
COMMENT ON COLUMN signatures.functions IS 'the application''s, which it is made of, innermost first';
COMMENT ON COLUMN signatures.searched  IS 'title and functions, for searches';
COMMENT ON COLUMN signatures.settled_first IS
  'with settled_last: first_seen and last_seen of those of its core dumps that are gone';
CREATE INDEX signatures_by_previous ON signatures (device_model_id, previous_signature)
  WHERE previous_signature IS NOT NULL;
CREATE INDEX signatures_of_issue ON signatures (issue_id, id);
CREATE INDEX signatures_of_all_models ON signatures (signature);
CREATE INDEX signatures_searched ON signatures USING gin (searched gin_trgm_ops);
CREATE INDEX signatures_functions ON signatures USING gin (functions);
CREATE INDEX signatures_kinds ON signatures (kind, issue_id);

-- How each existing core dump was counted. A reparse moves the count or leaves it. Deleting the core dump
-- marks the row, and a runner settles marked rows: whoever deletes, perhaps an upload, must not wait for a
-- row that all runners write to. The columns are not references, because nothing that they name is removed
-- before this row.
CREATE TABLE occurrences (
  coredump_id  bigint      PRIMARY KEY,
  signature_id bigint      NOT NULL REFERENCES signatures ON DELETE CASCADE,
  device_id    bigint      NOT NULL,
  version_id   bigint      NOT NULL DEFAULT 0,
  at           timestamptz NOT NULL,
  verified     boolean     NOT NULL,
  gone         boolean     NOT NULL DEFAULT false
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
COMMENT ON COLUMN occurrences.version_id IS
  'Of the bundle whose ELF decoded it, whatever version the device claims; 0: it is not known';
COMMENT ON COLUMN occurrences.at       IS 'when it was uploaded';
COMMENT ON COLUMN occurrences.verified IS 'whether the core dump names that ELF';
COMMENT ON COLUMN occurrences.gone     IS 'its core dump was deleted';
CREATE INDEX occurrences_newest_first ON occurrences (signature_id, at DESC, coredump_id DESC);
CREATE INDEX occurrences_gone ON occurrences (signature_id, coredump_id) WHERE gone;

-- Lifetime counts by device and version. They tell which devices are already counted. Devices that are gone
-- stay counted.
CREATE TABLE signature_devices (
  signature_id bigint      NOT NULL REFERENCES signatures ON DELETE CASCADE,
  device_id    bigint      NOT NULL,
  version_id   bigint      NOT NULL,
  occurrences  bigint      NOT NULL,
  verified     bigint      NOT NULL,
  last_seen    timestamptz NOT NULL,
  PRIMARY KEY (signature_id, device_id, version_id)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
COMMENT ON COLUMN signature_devices.version_id IS '0: not known';
COMMENT ON COLUMN signature_devices.verified   IS 'how many of the occurrences are verified';
COMMENT ON COLUMN signature_devices.last_seen  IS 'the newest that was ever counted here';

CREATE TABLE issue_versions (
  issue_id    bigint NOT NULL REFERENCES issues ON DELETE CASCADE,
  version_id  bigint NOT NULL REFERENCES model_versions ON DELETE CASCADE,
  occurrences bigint NOT NULL,
  verified    bigint NOT NULL,
  devices     bigint NOT NULL,
  PRIMARY KEY (issue_id, version_id)
) WITH (fillfactor = 70);
CREATE INDEX issue_versions_by_version ON issue_versions (version_id, issue_id);

-- By hour for 14 days and by day for 400; tend_issues() removes older ones.
CREATE TABLE signature_hours (
  signature_id bigint      NOT NULL REFERENCES signatures ON DELETE CASCADE,
  hour         timestamptz NOT NULL,
  occurrences  bigint      NOT NULL,
  PRIMARY KEY (signature_id, hour)
) WITH (fillfactor = 70);
CREATE INDEX signature_hours_oldest_first ON signature_hours (hour);
CREATE TABLE signature_days (
  signature_id bigint NOT NULL REFERENCES signatures ON DELETE CASCADE,
  day          date   NOT NULL,
  occurrences  bigint NOT NULL,
  PRIMARY KEY (signature_id, day)
) WITH (fillfactor = 70);
CREATE INDEX signature_days_oldest_first ON signature_days (day);

CREATE FUNCTION note_gone_occurrence() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE occurrences o SET gone = true WHERE o.coredump_id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER occurrence_is_gone AFTER DELETE ON coredumps
  FOR EACH ROW EXECUTE FUNCTION note_gone_occurrence();

GRANT SELECT ON issues, issue_numbers, issue_fixes, issue_seen_before, issue_history, signatures, occurrences,
                signature_devices, issue_versions, signature_hours, signature_days
  TO coredepot_reader, coredepot_writer;
GRANT INSERT, UPDATE ON issues, issue_numbers, signatures TO coredepot_writer;
GRANT INSERT, DELETE ON issue_fixes, issue_seen_before TO coredepot_writer;
GRANT INSERT ON issue_history TO coredepot_writer;
GRANT INSERT, UPDATE, DELETE ON occurrences, signature_devices, issue_versions, signature_hours, signature_days
  TO coredepot_writer;

COMMIT;
