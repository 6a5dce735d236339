/**
 * When the term of a process ends, in one place; how it is judged where somebody takes over; and a clock of the server that is set back. What was
 * written before that is ahead of the clock: taken by itself it would keep a process alive that died long ago, for as long as the clock was set back. The
 * next beat of anybody gives everybody a fresh term of the present clock instead, so nobody is taken over early, and nobody lives on for ever.
 */
export const TERMS = `
-- The start of the server, and the fresh term behind a promotion, count where they are not ahead of the clock.
CREATE FUNCTION term_end(w worker) RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT w.ttl + CASE WHEN t.id <> present_timeline() THEN clock_timestamp()
    ELSE greatest(w.beat, t.since, CASE WHEN pg_postmaster_start_time() <= clock_timestamp() THEN pg_postmaster_start_time() END) END FROM timeline t
$$;

CREATE OR REPLACE FUNCTION is_living(w worker) RETURNS boolean LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT w.dead IS NULL AND term_end(w) > clock_timestamp()
$$;

-- Two that beat at once do not wait for each other: one of them is enough.
CREATE FUNCTION note_clock() RETURNS void LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  UPDATE timeline SET since = clock_timestamp() WHERE since > clock_timestamp();
  UPDATE worker SET beat = clock_timestamp() WHERE id IN (
    SELECT id FROM worker WHERE beat > clock_timestamp() AND dead IS NULL FOR NO KEY UPDATE SKIP LOCKED);
$$;

CREATE OR REPLACE FUNCTION worker_beat(me text) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT note_timeline();
  SELECT note_clock();
  UPDATE worker SET beat = clock_timestamp() WHERE id = me AND dead IS NULL RETURNING drain IS NOT NULL
$$;

-- An execution is taken by the append that says so.
DROP FUNCTION execution_take(text, text);

CREATE OR REPLACE FUNCTION append(me text, locks text[], answers text[], devices text[], freezing text, registering boolean, requests jsonb)
  RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  request jsonb;
  answer jsonb;
  gone text;
  given jsonb := '[]';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL) THEN RETURN jsonb_build_object('is', 'dead'); END IF;
  PERFORM 1 FROM execution x WHERE x.id = ANY(locks || ARRAY(SELECT t.execution FROM task_token t WHERE t.token = ANY(answers)))
    ORDER BY x.id FOR NO KEY UPDATE;
  IF freezing = 'write' THEN PERFORM 1 FROM freeze_version FOR NO KEY UPDATE;
  ELSIF freezing = 'read' THEN PERFORM 1 FROM freeze_version FOR SHARE; END IF;
  PERFORM 1 FROM lease l WHERE l.device = ANY(devices) ORDER BY l.device FOR NO KEY UPDATE;
  IF registering THEN PERFORM 1 FROM register_head FOR NO KEY UPDATE; END IF;
  -- A beat of whoever drove what is taken comes before, or finds that it is dead.
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(requests) AS asked WHERE asked ? 'take') THEN
    PERFORM 1 FROM worker w WHERE w.id <> me AND w.id IN (SELECT x.worker FROM execution x WHERE x.id = ANY(locks)) ORDER BY w.id FOR NO KEY UPDATE;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(1163087686, (CASE WHEN is_called THEN last_value ELSE 0 END & 2147483647)::int) FROM position;
  FOR request IN SELECT * FROM jsonb_array_elements(requests) LOOP
    IF request ? 'risky' THEN
      -- A key that another transaction has taken meanwhile undoes this request alone.
      BEGIN
        answer := append_one(me, request);
      EXCEPTION WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS gone = TABLE_NAME;
        answer := CASE WHEN gone = 'used' THEN coalesce(refused(me, request, NULL), stale(request)) ELSE stale(request) END;
      END;
    ELSE
      answer := append_one(me, request);
    END IF;
    given := given || jsonb_build_array(answer);
  END LOOP;
  RETURN jsonb_build_object('is', 'done', 'answers', given);
END $$;
`
