/**
 * A fresh term for everybody when a standby has taken over. The server that takes over was up all the time, so its start says nothing of how
 * long nobody could beat; but with each promotion PostgreSQL goes on on another timeline, the first eight digits of the name of a WAL file
 * (PostgreSQL 15, section 30.6). Until the first beat on it nobody is dead, and from that beat on everybody has a whole term.
 */
export const TIMELINE = `
CREATE TABLE timeline (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id text NOT NULL,
  since timestamptz NOT NULL
);

-- Asked first whether it follows: only that makes older servers look up where they write.
CREATE FUNCTION present_timeline() RETURNS text LANGUAGE sql VOLATILE
  AS $$ SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END $$;

INSERT INTO timeline(id, since) VALUES (present_timeline(), '-infinity');

CREATE OR REPLACE FUNCTION is_living(w worker) RETURNS boolean LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT w.dead IS NULL AND (t.id <> present_timeline()
    OR greatest(w.beat, pg_postmaster_start_time(), t.since) > clock_timestamp() - w.ttl) FROM timeline t
$$;

CREATE FUNCTION note_timeline() RETURNS void LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  UPDATE timeline SET id = present_timeline(), since = clock_timestamp() WHERE id <> present_timeline()
$$;

CREATE OR REPLACE FUNCTION worker_beat(me text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT note_timeline();
  UPDATE worker SET beat = clock_timestamp() WHERE id = me AND dead IS NULL RETURNING drain IS NOT NULL
$$;

-- Declares a process dead that has not beaten since somebody has read this beat, and whose term is over; true for who was first.
CREATE OR REPLACE FUNCTION worker_reap(who text, seen timestamptz) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET dead = clock_timestamp() WHERE id = who AND beat = seen AND dead IS NULL AND NOT is_living(worker) RETURNING true
$$;
`
