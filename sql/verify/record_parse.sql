-- Verify coredepot:record_parse on pg

SELECT 1 / has_function_privilege('coredepot_writer', 'record_parse(bigint, uuid, text, text, text, json, text, bigint, bigint)',
                                  'EXECUTE')::int;
