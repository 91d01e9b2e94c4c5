-- Revert coredepot:uploaded_versions from pg

BEGIN;

DROP TRIGGER version_uploaded ON firmware_versions;
DROP FUNCTION place_uploaded_version();

COMMIT;
