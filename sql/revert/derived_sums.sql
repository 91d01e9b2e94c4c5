-- Revert coredepot:derived_sums from pg

BEGIN;

DROP FUNCTION kept_files_are_wrong();
DROP FUNCTION repair_version_sums(bigint);
DROP FUNCTION version_has_wrong_sums(bigint);
DROP FUNCTION repair_sums(bigint);
DROP FUNCTION has_wrong_sums(bigint);
DROP FUNCTION expired_files_of_signature(bigint);
DROP FUNCTION sums_of_signature(bigint);

COMMIT;
