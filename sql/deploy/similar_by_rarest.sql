-- Deploy coredepot:similar_by_rarest to pg
-- requires: quick_similar

BEGIN;

-- The issues of the same model that share a function with this one, the most similar first. A hundred signatures
-- are compared in all, those first that share the rarest of the functions: comparing two takes 12 µs, and a long
-- backtrace has dozens of functions.
--
-- A GIN index finds all signatures with a function before the first is looked at, which takes 3.5 ms for each
-- 100 000. So if there are more than about a thousand, it returns an arbitrary part of them.
CREATE OR REPLACE FUNCTION similar_issues(of_issue bigint, most bigint) RETURNS TABLE (issue_id bigint, likeness real)
LANGUAGE plpgsql STABLE ROWS 20
SET gin_fuzzy_search_limit = 1000
AS $$
BEGIN
  RETURN QUERY
    WITH own AS (
      SELECT s.device_model_id, s.functions, s.searched FROM signatures s
       WHERE s.issue_id = of_issue ORDER BY s.id LIMIT 1
    ), sharing AS (
      SELECT x.id, x.issue_id, x.searched, count(*) OVER (PARTITION BY f.name) AS signatures_with_function
        FROM own CROSS JOIN unnest(own.functions) AS f (name)
       CROSS JOIN LATERAL (
         SELECT s.id, s.issue_id, s.searched FROM signatures s
          WHERE s.functions @> ARRAY[f.name] AND s.device_model_id = own.device_model_id AND s.issue_id <> of_issue
          LIMIT 100) AS x
    ), compared AS (
      SELECT s.issue_id, s.searched FROM sharing s
       GROUP BY s.id, s.issue_id, s.searched ORDER BY min(s.signatures_with_function), s.id LIMIT 100
    )
    SELECT c.issue_id, max(similarity(c.searched, own.searched)) AS likeness
      FROM compared c CROSS JOIN own
     GROUP BY c.issue_id ORDER BY likeness DESC, c.issue_id LIMIT most;
END
$$;

COMMIT;
