-- Deploy coredepot:quick_similar to pg
-- requires: issues

BEGIN;

-- The issues of the same model that share a function with this one, the most similar first. For each
-- function, a hundred signatures are compared: a rare function has no more, and one that all signatures have
-- says little.
--
-- A GIN index finds all signatures with a function before the first is looked at, which takes 3.5 ms for each
-- 100 000. So if there are more than about a thousand, it returns an arbitrary part of them.
-- Replaced by similar_by_rarest.sql.
CREATE FUNCTION similar_issues(of_issue bigint, most bigint) RETURNS TABLE (issue_id bigint, likeness real)
LANGUAGE plpgsql STABLE ROWS 20
SET gin_fuzzy_search_limit = 1000
AS $$
BEGIN
  RETURN QUERY
    SELECT alike.issue_id, max(similarity(alike.searched, own.searched)) AS likeness
      FROM (SELECT s.device_model_id, s.functions, s.searched FROM signatures s
             WHERE s.issue_id = of_issue ORDER BY s.id LIMIT 1) AS own
     CROSS JOIN unnest(own.functions) AS f (name)
     CROSS JOIN LATERAL (
       SELECT x.issue_id, x.searched FROM signatures x
        WHERE x.functions @> ARRAY[f.name] AND x.device_model_id = own.device_model_id AND x.issue_id <> of_issue
        LIMIT 100) AS alike
     GROUP BY alike.issue_id ORDER BY likeness DESC, alike.issue_id LIMIT most;
END
$$;

COMMIT;
