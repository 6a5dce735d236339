/**
 * Processes and what they have: a process is a row in `worker` and is dead when somebody has said so, or when it has not beaten for its
 * TTL by PostgreSQL's clock. After a restart of the server everybody has a fresh term: nobody dies of an outage.
 */
export const WORKERS = `
CREATE FUNCTION worker_begin(me text, kind text, sites text[], version text, ttl_ms bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM hold c USING worker w WHERE w.id = c.worker AND w.dead < clock_timestamp() - interval '1 day';
  DELETE FROM worker w WHERE w.dead < clock_timestamp() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.worker = w.id);
  INSERT INTO worker(id, kind, sites, version, ttl, since, beat)
    VALUES (me, kind, sites, version, ttl_ms * interval '1 millisecond', clock_timestamp(), clock_timestamp());
END $$;

-- Says that a process lives; null where it was declared dead, else whether it is to drain.
CREATE FUNCTION worker_beat(me text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET beat = clock_timestamp() WHERE id = me AND dead IS NULL RETURNING drain IS NOT NULL
$$;

-- A process ends in order: what it drove is free at once.
CREATE FUNCTION worker_end(me text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET worker = NULL WHERE worker = me;
  DELETE FROM hold WHERE worker = me;
  DELETE FROM worker WHERE id = me;
$$;

CREATE FUNCTION worker_drain(who text, is_draining boolean) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET drain = CASE WHEN is_draining THEN clock_timestamp() END WHERE id = who AND dead IS NULL RETURNING true
$$;

-- Declares a process dead that has not beaten since somebody has read this beat; true for who was first.
CREATE FUNCTION worker_reap(who text, seen timestamptz) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET dead = clock_timestamp() WHERE id = who AND beat = seen AND dead IS NULL RETURNING true
$$;

CREATE FUNCTION hold_name(its text, me text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO hold(name, worker) VALUES (its, me) ON CONFLICT (name) DO UPDATE SET worker = excluded.worker
    WHERE hold.worker = excluded.worker OR NOT (SELECT is_living(w) FROM worker w WHERE w.id = hold.worker) RETURNING true
$$;

CREATE FUNCTION unhold_name(its text, me text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM hold WHERE name = its AND worker = me
$$;

CREATE FUNCTION is_held(its text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT 1 FROM hold c JOIN worker w ON w.id = c.worker WHERE c.name = its AND is_living(w))
    OR EXISTS (SELECT 1 FROM execution x JOIN worker w ON w.id = x.worker WHERE x.id = its AND is_living(w))
$$;

-- Takes an execution that nobody living drives: its new token, or null.
CREATE FUNCTION execution_take(its text, me text) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  x execution;
BEGIN
  SELECT * INTO x FROM execution WHERE id = its FOR NO KEY UPDATE;
  IF x.id IS NULL OR NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL) THEN RETURN NULL; END IF;
  IF x.worker <> me AND (SELECT is_living(w) FROM worker w WHERE w.id = x.worker) THEN RETURN NULL; END IF;
  UPDATE worker SET dead = clock_timestamp() WHERE id = x.worker AND id <> me AND dead IS NULL;
  UPDATE execution SET worker = me, token = token + 1 WHERE id = its;
  RETURN x.token + 1;
END $$;

-- Leaves an execution to whoever takes it next; false where it was taken or, if \`seen\` is given, was woken since.
CREATE FUNCTION execution_rest(its text, me text, known bigint, seen bigint) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET worker = NULL WHERE id = its AND worker = me AND token = known AND (seen IS NULL OR wake = seen) RETURNING true
$$;

-- Where an execution belongs and when it is due; null leaves what is there.
CREATE FUNCTION execution_place(its text, its_site text, its_version text, its_due timestamptz) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET site = coalesce(its_site, site), version = coalesce(its_version, version), due = coalesce(its_due, due) WHERE id = its
$$;

-- Whether a process may write to a switch for an execution, asked right before it does.
CREATE FUNCTION fence(its text, me text, device_name text) RETURNS jsonb LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT jsonb_build_object('isAlive', EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL),
    'execution', (SELECT jsonb_build_object('last', x.last, 'token', x.token, 'worker', x.worker) FROM execution x WHERE x.id = its),
    'lease', (SELECT jsonb_build_object('device', l.device, 'execution', l.execution, 'token', l.token, 'until', l.until, 'quarantine', l.quarantine)
      FROM lease l WHERE l.device = device_name))
$$;

CREATE FUNCTION blob_put(its text, its_bytes bytea) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO blob(ref, bytes) VALUES (its, its_bytes) ON CONFLICT (ref) DO NOTHING
$$;

-- Keeps a checkpoint; false where another one has its number.
CREATE FUNCTION checkpoint_put(its bigint, its_seq bigint, its_at text, its_note text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO checkpoint(id, seq, at, note) VALUES (its, its_seq, its_at, its_note) ON CONFLICT (id) DO NOTHING RETURNING true
$$;

-- How far a receiver is; it never goes back.
CREATE FUNCTION delivery_put(its text, its_position bigint, its_at text, its_fault text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO delivery(receiver, position, at, fault) VALUES (its, its_position, its_at, its_fault)
    ON CONFLICT (receiver) DO UPDATE SET position = greatest(delivery.position, excluded.position), at = excluded.at, fault = excluded.fault
$$;
`
