-- Verify coredepot:count_occurrence on pg

SELECT 1 / has_function_privilege('coredepot_writer',
  'count_occurrence(bigint, bigint, timestamptz, text, text, json, text, boolean)', 'EXECUTE')::int;
SELECT 1 / (NOT is_regression(0, 0))::int;
