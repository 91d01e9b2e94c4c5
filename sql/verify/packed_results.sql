-- Verify coredepot:packed_results on pg

SELECT packed_result FROM coredumps WHERE false;
SELECT 1 / has_function_privilege('coredepot_writer',
  'record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint, bytea)', 'EXECUTE')::int;
