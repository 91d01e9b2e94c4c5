-- Verify coredepot:uploaded_versions on pg

SELECT 1 / count(*) FROM pg_trigger WHERE tgname = 'version_uploaded';
