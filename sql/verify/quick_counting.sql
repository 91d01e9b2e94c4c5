-- Verify coredepot:quick_counting on pg

SELECT 1 / has_function_privilege('coredepot_writer',
  'record_parse(bigint, uuid, text, text, text, json, json, text, bigint, bigint)', 'EXECUTE')::int;
SELECT 1 / (decoding_version(0, NULL) = 0)::int;
