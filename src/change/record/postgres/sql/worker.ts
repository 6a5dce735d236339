/**
 * The timeline that a server writes, eight hexadecimal digits, one more each time that a standby takes over; empty while it follows: asked first, for only
 * that makes older servers look up where they write.
 */
export const TIMELINE = "CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END"

/** Processes and what they have: a process is a row in `worker` and is dead when somebody has said so, or when its term is over by PostgreSQL's clock. It is forgotten only once its death is on record: whoever finds a death that is not puts it there, and the key of that use has it there once (docs/adr/0087). */
export const WORKERS = `
CREATE FUNCTION present_timeline() RETURNS text LANGUAGE sql VOLATILE
  AS $$ SELECT ${TIMELINE} $$;

INSERT INTO timeline(id, since) VALUES (present_timeline(), '-infinity');

CREATE FUNCTION note_timeline() RETURNS void LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  UPDATE timeline SET id = present_timeline(), since = clock_timestamp() WHERE id <> present_timeline()
$$;

-- The start of the server, and the fresh term behind a promotion, count where they are not ahead of the clock.
CREATE FUNCTION term_end(w worker) RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT w.ttl + CASE WHEN t.id <> present_timeline() THEN clock_timestamp()
    ELSE greatest(w.beat, t.since, CASE WHEN pg_postmaster_start_time() <= clock_timestamp() THEN pg_postmaster_start_time() END) END FROM timeline t
$$;

CREATE FUNCTION is_living(w worker) RETURNS boolean LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT w.dead IS NULL AND term_end(w) > clock_timestamp()
$$;

-- Two that beat at once do not wait for each other: one of them is enough.
CREATE FUNCTION note_clock() RETURNS void LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  UPDATE timeline SET since = clock_timestamp() WHERE since > clock_timestamp();
  UPDATE worker SET beat = clock_timestamp() WHERE id IN (
    SELECT id FROM worker WHERE beat > clock_timestamp() AND dead IS NULL FOR NO KEY UPDATE SKIP LOCKED);
$$;

-- False where the store is under another key than it is sealed by.
CREATE FUNCTION worker_begin(its_key text, me text, its_name text, its_kind text, its_sites text[], its_version text, ttl_ms bigint, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE worker IN ROW EXCLUSIVE MODE;
  IF (SELECT s.key_check FROM store s) <> its_key THEN RETURN false; END IF;
  DELETE FROM hold c USING worker w WHERE w.id = c.worker AND w.dead < clock_timestamp() - interval '1 day';
  DELETE FROM worker w WHERE w.dead < clock_timestamp() - interval '1 day' AND EXISTS (SELECT 1 FROM used u WHERE u.key = 'death ' || w.id)
    AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.worker = w.id);
  INSERT INTO worker(id, name, kind, sites, version, ttl, since, beat, seal)
    VALUES (me, its_name, its_kind, its_sites, its_version, ttl_ms * interval '1 millisecond', clock_timestamp(), clock_timestamp(), its_seal);
  RETURN true;
END $$;

-- A worker drives for other sites than it began with; false where the store is under another key than that is sealed by.
CREATE FUNCTION worker_sites(its_key text, me text, its_sites text[], its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE worker IN ROW EXCLUSIVE MODE;
  IF (SELECT s.key_check FROM store s) <> its_key THEN RETURN false; END IF;
  UPDATE worker SET sites = its_sites, seal = its_seal WHERE id = me AND dead IS NULL;
  RETURN true;
END $$;

CREATE FUNCTION worker_beat(me text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT note_timeline();
  SELECT note_clock();
  UPDATE worker SET beat = clock_timestamp() WHERE id = me AND dead IS NULL RETURNING drain IS NOT NULL
$$;

-- A process ends in order: what it drove is free at once. The row of one that was declared dead stays until that is on record.
CREATE FUNCTION worker_end(me text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET worker = NULL WHERE worker = me;
  DELETE FROM hold WHERE worker = me;
  DELETE FROM worker WHERE id = me AND dead IS NULL;
$$;

CREATE FUNCTION worker_drain(who text, is_draining boolean) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET drain = CASE WHEN is_draining THEN clock_timestamp() END WHERE id = who AND dead IS NULL RETURNING true
$$;

-- Declares a process dead that has not beaten since \`me\` has read this beat; true for who was first.
CREATE FUNCTION worker_reap(me text, who text, seen timestamptz) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET dead = clock_timestamp(), reaper = me WHERE id = who AND beat = seen AND dead IS NULL AND NOT is_living(worker) RETURNING true
$$;

-- Holds a name that nobody living holds; true for who has it then. Who held it and is silent is declared dead.
CREATE FUNCTION hold_name(its text, me text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  before text;
BEGIN
  INSERT INTO hold(name, worker) VALUES (its, me) ON CONFLICT (name) DO NOTHING;
  SELECT h.worker INTO before FROM hold h WHERE h.name = its FOR UPDATE;
  IF before = me THEN RETURN EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL); END IF;
  IF before IS NULL OR (SELECT is_living(w) FROM worker w WHERE w.id = before) THEN RETURN NULL; END IF;
  UPDATE worker SET dead = clock_timestamp(), reaper = me WHERE id = before AND dead IS NULL;
  UPDATE hold SET worker = me WHERE name = its;
  RETURN true;
END $$;

CREATE FUNCTION unhold_name(its text, me text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM hold WHERE name = its AND worker = me
$$;

CREATE FUNCTION is_held(its text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT 1 FROM hold c JOIN worker w ON w.id = c.worker WHERE c.name = its AND is_living(w))
    OR EXISTS (SELECT 1 FROM execution x JOIN worker w ON w.id = x.worker WHERE x.id = its AND is_living(w))
$$;

-- Leaves an execution to whoever takes it next; false where it was taken since.
CREATE FUNCTION execution_rest(its text, me text, known bigint) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET worker = NULL WHERE id = its AND worker = me AND token = known RETURNING true
$$;

-- Whether a process may write to a switch for an execution, asked right before it does.
CREATE FUNCTION fence(its text, me text, device_name text) RETURNS jsonb LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT jsonb_build_object('isAlive', EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL),
    'execution', (SELECT jsonb_build_object('last', x.last, 'token', x.token, 'worker', x.worker) FROM execution x WHERE x.id = its),
    'lease', (SELECT jsonb_build_object('device', l.device, 'execution', l.execution, 'token', l.token, 'until', l.until, 'quarantine', l.quarantine)
      FROM lease l WHERE l.device = device_name))
$$;
`
