-- Revert coredepot:issue_checks from pg

BEGIN;

-- As issues has them.
ALTER TABLE issues
  ADD CONSTRAINT issues_check CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  ADD CONSTRAINT issues_check1 CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  ADD CONSTRAINT issues_ticket_url_check CHECK (length(ticket_url) BETWEEN 1 AND 2000);
DROP TRIGGER issue_is_sound ON issues;
DROP FUNCTION refuse_issue();

COMMIT;
