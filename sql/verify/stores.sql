-- Verify coredepot:stores on pg

BEGIN;

SELECT store FROM coredumps WHERE false;
SET LOCAL coredepot.store = '0123456789abcdef0123456789abcdef';
SELECT 1 / (own_store() = '01234567-89ab-cdef-0123-456789abcdef')::int;

ROLLBACK;
