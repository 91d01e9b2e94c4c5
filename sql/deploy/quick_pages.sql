-- Deploy coredepot:quick_pages to pg
-- requires: issues_in_one_row
-- requires: quick_summaries

BEGIN;

-- Microseconds since 1970; for the times that occur, without the `numeric` that extract() makes.
CREATE OR REPLACE FUNCTION microseconds(at timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    -- A double tells microseconds exactly while there are fewer than 2^51 of them.
    WHEN at BETWEEN timestamptz '1900-01-01 00:00:00+00' AND timestamptz '2040-01-01 00:00:00+00'
      THEN round(date_part('epoch', at) * 1000000)::bigint
    ELSE (extract(epoch FROM at) * 1000000)::bigint
  END
$$;

-- From an issue's row; new columns come last. (`hours` stays for programs of the previous version.) It asks once
-- for all issues of a page whether any deleted core dump is not settled yet. If there is one, it asks for each
-- signature separately, because a plan made while there are none would look at all of them for each issue.
--
-- `recent_hours`: occurrences in the hour that began `hours_ago` before the current one, in the hour before,
-- and so on. Null: there were none in the last 24.
-- Replaced by quick_issue.sql.
CREATE OR REPLACE VIEW issue_summaries AS
  SELECT i.id, issue_name(m.code, i.number) AS name, m.code AS model, i.device_model_id, i.title, i.kind, i.quality,
         i.state, i.reason, i.devices, i.occurrences,
         i.kept - CASE WHEN (SELECT true FROM occurrences o WHERE o.gone LIMIT 1) THEN
                    (SELECT coalesce(sum((SELECT count(*) FROM occurrences o WHERE o.signature_id = s.id AND o.gone)), 0)
                       FROM signatures s WHERE s.issue_id = i.id)::bigint
                  ELSE 0 END AS kept,
         i.unverified, i.first_seen, i.last_seen, i.created_at, i.resolved_at, i.first_version, i.last_version,
         i.fixed_in, i.fixed_in_next, i.revision, i.mute, i.ticket_url, i.merged_into,
         CASE WHEN i.last_seen > now() - interval '24 hours' THEN
           (SELECT array_agg(ARRAY[hours_ago(h.hour)::bigint, h.occurrences])
              FROM signatures s JOIN signature_hours h ON h.signature_id = s.id
             WHERE s.issue_id = i.id AND h.hour > now() - interval '24 hours' AND h.hour <= now()) END AS hours,
         CASE WHEN i.last_seen > now() - interval '24 hours' THEN i.hours END AS recent_hours,
         hours_ago(i.hours_to) AS hours_ago,
         CASE WHEN i.reason = 'regressed' THEN
           (SELECT v.version FROM model_versions v WHERE v.id = i.regressed_version_id) END AS regressed_in
    FROM issues i JOIN device_models m ON m.id = i.device_model_id;

-- A page of all issues, or of all open ones. Each query is planned once and serves every page.
CREATE FUNCTION first_issues(sort text, only_open boolean, after_value bigint, after_id bigint, most bigint)
RETURNS TABLE (id bigint, value bigint) LANGUAGE plpgsql STABLE ROWS 100
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  before_time  timestamptz := coalesce(from_microseconds(after_value), 'infinity');
  before_count bigint      := coalesce(after_value, 9223372036854775807);
  before_id    bigint      := coalesce(after_id, 9223372036854775807);
BEGIN
  CASE sort
    WHEN 'last_seen' THEN
      IF only_open THEN
        RETURN QUERY SELECT i.id, microseconds(coalesce(i.last_seen, i.created_at)) FROM issues i
          WHERE i.state = 'open' AND i.occurrences > 0
            AND (coalesce(i.last_seen, i.created_at), i.id) < (before_time, before_id)
          ORDER BY coalesce(i.last_seen, i.created_at) DESC, i.id DESC LIMIT most;
      ELSE
        RETURN QUERY SELECT i.id, microseconds(coalesce(i.last_seen, i.created_at)) FROM issues i
          WHERE i.state <> 'merged' AND i.occurrences > 0
            AND (coalesce(i.last_seen, i.created_at), i.id) < (before_time, before_id)
          ORDER BY coalesce(i.last_seen, i.created_at) DESC, i.id DESC LIMIT most;
      END IF;
    WHEN 'first_seen' THEN
      IF only_open THEN
        RETURN QUERY SELECT i.id, microseconds(coalesce(i.first_seen, i.created_at)) FROM issues i
          WHERE i.state = 'open' AND i.occurrences > 0
            AND (coalesce(i.first_seen, i.created_at), i.id) < (before_time, before_id)
          ORDER BY coalesce(i.first_seen, i.created_at) DESC, i.id DESC LIMIT most;
      ELSE
        RETURN QUERY SELECT i.id, microseconds(coalesce(i.first_seen, i.created_at)) FROM issues i
          WHERE i.state <> 'merged' AND i.occurrences > 0
            AND (coalesce(i.first_seen, i.created_at), i.id) < (before_time, before_id)
          ORDER BY coalesce(i.first_seen, i.created_at) DESC, i.id DESC LIMIT most;
      END IF;
    WHEN 'devices' THEN
      IF only_open THEN
        RETURN QUERY SELECT i.id, i.devices FROM issues i
          WHERE i.state = 'open' AND i.occurrences > 0 AND (i.devices, i.id) < (before_count, before_id)
          ORDER BY i.devices DESC, i.id DESC LIMIT most;
      ELSE
        RETURN QUERY SELECT i.id, i.devices FROM issues i
          WHERE i.state <> 'merged' AND i.occurrences > 0 AND (i.devices, i.id) < (before_count, before_id)
          ORDER BY i.devices DESC, i.id DESC LIMIT most;
      END IF;
    WHEN 'occurrences' THEN
      IF only_open THEN
        RETURN QUERY SELECT i.id, i.occurrences FROM issues i
          WHERE i.state = 'open' AND i.occurrences > 0 AND (i.occurrences, i.id) < (before_count, before_id)
          ORDER BY i.occurrences DESC, i.id DESC LIMIT most;
      ELSE
        RETURN QUERY SELECT i.id, i.occurrences FROM issues i
          WHERE i.state <> 'merged' AND i.occurrences > 0 AND (i.occurrences, i.id) < (before_count, before_id)
          ORDER BY i.occurrences DESC, i.id DESC LIMIT most;
      END IF;
  END CASE;
END
$$;

-- A page of issues after a position in the order. A null condition does not restrict. For all issues or all
-- open ones the statement is already planned. Otherwise it is composed for each call, so that it has only the
-- conditions asked for, and uses their index.
CREATE OR REPLACE FUNCTION find_issues(
  sort text, of_model bigint, in_state text, regressed boolean, still_seen boolean, seen_in text, of_kind text,
  q text, of_function text, seen_after timestamptz, min_devices bigint,
  after_value bigint, after_id bigint, most bigint
) RETURNS TABLE (id bigint, value bigint) LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
  is_time boolean := sort IN ('last_seen', 'first_seen');
  sorted  text := CASE sort WHEN 'last_seen'   THEN 'coalesce(i.last_seen, i.created_at)'
                            WHEN 'first_seen'  THEN 'coalesce(i.first_seen, i.created_at)'
                            WHEN 'devices'     THEN 'i.devices'
                            WHEN 'occurrences' THEN 'i.occurrences' END;
  shown   text := CASE WHEN is_time THEN format('microseconds(%s)', sorted) ELSE sorted END;
BEGIN
  IF coalesce(in_state, 'open') = 'open' AND NOT regressed AND NOT still_seen
     AND num_nonnulls(of_model, seen_in, of_kind, q, of_function, seen_after, min_devices) = 0 THEN
    RETURN QUERY SELECT * FROM first_issues(sort, in_state IS NOT NULL, after_value, after_id, most);
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format('SELECT i.id, %s FROM issues i WHERE ', shown) || concat_ws(' AND ',
      CASE WHEN in_state IS NULL THEN 'i.state <> ''merged''' ELSE 'i.state = $1' END,
      -- All its core dumps were found to be of others.
      CASE WHEN in_state IS DISTINCT FROM 'merged' THEN 'i.occurrences > 0' END,
      CASE WHEN regressed   THEN 'i.reason = ''regressed''' END,
      CASE WHEN still_seen  THEN 'i.state = ''resolved'' AND i.last_seen > i.resolved_at' END,
      CASE WHEN of_model    IS NOT NULL THEN 'i.device_model_id = $2' END,
      CASE WHEN seen_in     IS NOT NULL THEN
        'i.id IN (SELECT iv.issue_id FROM issue_versions iv JOIN model_versions v ON v.id = iv.version_id
                   WHERE v.version = $3)' END,
      CASE WHEN of_kind     IS NOT NULL THEN 'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.kind = $4)' END,
      CASE WHEN q           IS NOT NULL THEN
        'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.searched ILIKE containing($5))' END,
      CASE WHEN of_function IS NOT NULL THEN
        'i.id IN (SELECT s.issue_id FROM signatures s WHERE s.functions @> ARRAY[$6])' END,
      CASE WHEN seen_after  IS NOT NULL THEN 'i.last_seen > $7' END,
      CASE WHEN min_devices IS NOT NULL THEN 'i.devices >= $8' END,
      CASE WHEN after_id    IS NOT NULL THEN
        format('(%s, i.id) < (%s, $10)', sorted, CASE WHEN is_time THEN 'from_microseconds($9)' ELSE '$9' END) END)
    || format(' ORDER BY %s DESC, i.id DESC LIMIT $11', sorted)
    USING in_state, of_model, seen_in, of_kind, q, of_function, seen_after, min_devices, after_value, after_id, most;
END
$$;

COMMIT;
