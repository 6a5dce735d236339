/** Appends of many executions at once, most of which only go on with what is theirs: such *plain* ones change no lease, use nothing, and need nothing of the register. They are compared and written together, in two statements for all of them; the others go through `append` one by one. */
export const APPEND_GROUP = `
CREATE FUNCTION write_plain(me text, ids text[], tokens bigint[], bases bigint[], base_hashes bytea[], newests bigint[], ends bigint[],
    end_hashes bytea[], seals bytea[], opens boolean[], acts boolean[], owners int[], numbers bigint[], covered text[], prevs bytea[],
    hashes bytea[], bodies text[])
  RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  placed jsonb;
BEGIN
  WITH asked AS (
    SELECT * FROM unnest(ids, tokens, bases, base_hashes, newests, ends, end_hashes, seals, opens, acts)
      WITH ORDINALITY AS a(id, token, base, base_hash, newest, n, hash, seal, is_open, has_acted, place)
  ), linked AS (
    SELECT r.owner, r.n, r.prev, r.hash, row_number() OVER its AS step, lag(r.hash) OVER its AS before, lead(r.n) OVER its AS next
      FROM unnest(owners, numbers, prevs, hashes) WITH ORDINALITY AS r(owner, n, prev, hash, place) WINDOW its AS (PARTITION BY r.owner ORDER BY r.place)
  ), following AS (
    SELECT a.place FROM asked a JOIN linked r ON r.owner = a.place GROUP BY a.place
      HAVING bool_and(r.n = a.base + r.step AND r.prev = coalesce(r.before, a.base_hash) AND (r.next IS NOT NULL OR (r.n = a.n AND r.hash = a.hash)))
  ), fit AS MATERIALIZED (
    SELECT a.* FROM asked a JOIN following f ON f.place = a.place JOIN execution x ON x.id = a.id
      WHERE x.worker = me AND x.token = a.token AND x.n = a.base AND x.hash = a.base_hash AND (a.newest IS NULL OR x.last = a.newest)
  ), rows_in_order AS (
    SELECT f.id, r.* FROM unnest(owners, numbers, covered, prevs, hashes, bodies)
      WITH ORDINALITY AS r(owner, n, covers, prev, hash, body, place) JOIN fit f ON f.place = r.owner ORDER BY r.place
  ), written AS (
    INSERT INTO event(pos, execution, n, covers, prev, hash, body)
      SELECT nextval('position'), r.id, r.n, r.covers::bigint[], r.prev, r.hash, r.body FROM rows_in_order r RETURNING pos, execution
  ), places AS (
    SELECT w.execution, array_agg(w.pos ORDER BY w.pos) AS taken FROM written w GROUP BY w.execution
  ), changed AS (
    UPDATE execution x SET last = p.taken[cardinality(p.taken)], n = f.n, hash = f.hash, seal = f.seal, uncovered = p.taken,
        is_open = f.is_open, has_acted = f.has_acted
      FROM places p JOIN fit f ON f.id = p.execution WHERE x.id = p.execution RETURNING x.id, x.uncovered
  )
  SELECT coalesce(jsonb_object_agg(c.id, c.uncovered), '{}') INTO placed FROM changed c;
  RETURN placed;
END $$;

CREATE FUNCTION append_group(its_key text, me text, ids text[], tokens bigint[], bases bigint[], base_hashes bytea[], newests bigint[], ends bigint[],
    end_hashes bytea[], seals bytea[], opens boolean[], acts boolean[], owners int[], numbers bigint[], covered text[], prevs bytea[],
    hashes bytea[], bodies text[],
    locks text[], answers text[], devices text[], freezing text, registering boolean, requests jsonb)
  RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
DECLARE
  present text;
  placed jsonb := '{}';
  given jsonb;
BEGIN
  LOCK TABLE execution IN ROW EXCLUSIVE MODE;
  SELECT s.key_check INTO present FROM store s;
  IF present <> its_key THEN RETURN jsonb_build_object('is', 'rekeyed', 'key', present); END IF;
  IF NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = me AND w.dead IS NULL) THEN RETURN jsonb_build_object('is', 'dead'); END IF;
  IF cardinality(ids) > 0 THEN
    PERFORM 1 FROM execution x
      WHERE x.id = ANY(ids || locks || ARRAY(SELECT t.execution FROM task_token t WHERE t.token = ANY(answers)))
      ORDER BY x.id FOR NO KEY UPDATE;
    IF jsonb_array_length(requests) > 0 THEN
      -- Before any position is taken: nobody who has these locks waits for what is locked here.
      IF freezing = 'write' THEN PERFORM 1 FROM freeze_lock FOR NO KEY UPDATE;
      ELSIF freezing = 'read' THEN PERFORM 1 FROM freeze_lock FOR SHARE; END IF;
      PERFORM 1 FROM lease l WHERE l.device = ANY(devices) ORDER BY l.device FOR NO KEY UPDATE;
      IF registering THEN PERFORM 1 FROM register_head FOR NO KEY UPDATE; END IF;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1163087686, (CASE WHEN is_called THEN last_value ELSE 0 END & 2147483647)::int) FROM position;
    placed := write_plain(me, ids, tokens, bases, base_hashes, newests, ends, end_hashes, seals, opens, acts, owners, numbers, covered, prevs,
      hashes, bodies);
  END IF;
  IF jsonb_array_length(requests) = 0 THEN RETURN jsonb_build_object('is', 'done', 'placed', placed, 'answers', '[]'::jsonb); END IF;
  given := append(me, locks, answers, devices, freezing, registering, requests);
  IF given ->> 'is' = 'done' THEN RETURN given || jsonb_build_object('placed', placed); END IF;
  RAISE EXCEPTION 'a process was declared dead while it wrote' USING ERRCODE = '40001';
END $$;
`
