-- Revert coredepot:file_retention from pg

BEGIN;

DROP FUNCTION note_unmet_limit(text);
DROP FUNCTION expire_old_files(timestamptz, bigint);
DROP FUNCTION expire_files(bigint, bigint, bigint, bigint);
DROP FUNCTION expire_chosen(bigint[]);
DROP FUNCTION spare_files_without_signature(bigint, bigint, bigint, bigint);
DROP FUNCTION spare_files(bigint, bigint, bigint, bigint, bigint, boolean);
DROP FUNCTION last_spare_file(bigint, text, bigint);
DROP FUNCTION is_own_store(uuid);
DROP FUNCTION recount_kept_files();
DROP FUNCTION take_in_file_changes();

COMMIT;
