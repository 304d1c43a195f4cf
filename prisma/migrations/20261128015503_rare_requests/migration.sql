-- Requests that are rare among many: of one person or session, refused, failed with a status, answered from the cache. Without
-- an index a list of them would read all the others too. Each holds only rows that somebody would look for with it.
CREATE INDEX request_log_end_user_idx ON request_log (end_user, started_at DESC) WHERE end_user IS NOT NULL;
CREATE INDEX request_log_session_idx ON request_log (session_tag, started_at DESC) WHERE session_tag IS NOT NULL;
CREATE INDEX request_log_refused_idx ON request_log (started_at DESC) WHERE verdict = 'refused';
CREATE INDEX request_log_failed_idx ON request_log (started_at DESC)
  WHERE status >= 400 OR coalesce(verdict, '') IN ('errored', 'truncated', 'invalid');
CREATE INDEX request_log_status_idx ON request_log (status, started_at DESC) WHERE status >= 400;
CREATE INDEX request_log_cached_idx ON request_log (started_at DESC) WHERE cache = 'hit';
