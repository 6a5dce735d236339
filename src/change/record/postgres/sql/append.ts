/**
 * Whoever has a login of workers and no key can call the functions with what they like. No seal is judged there, but a head only goes forward,
 * by the rows that are given, and each row follows the one before it: what is forged is behind the last head that was sealed, and nothing is
 * put back.
 */
export const FOLLOWING = `
-- Refuses rows that do not go on from a row of a chain, each from the one before it, and a head that is not the last of them.
CREATE FUNCTION require_following(n bigint, hash bytea, rows jsonb, head jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  own jsonb;
BEGIN
  FOR own IN SELECT * FROM jsonb_array_elements(rows) LOOP
    IF (own ->> 'n')::bigint IS DISTINCT FROM n + 1 OR decode(own ->> 'prev', 'hex') IS DISTINCT FROM hash THEN
      RAISE EXCEPTION 'row % does not follow row %', own ->> 'n', n USING ERRCODE = '22023';
    END IF;
    n := n + 1;
    hash := decode(own ->> 'hash', 'hex');
  END LOOP;
  IF jsonb_array_length(rows) IS NOT DISTINCT FROM 0 OR (head ->> 'n')::bigint IS DISTINCT FROM n OR decode(head ->> 'hash', 'hex') IS DISTINCT FROM hash THEN
    RAISE EXCEPTION 'the head % is not the newest row, which is %', head ->> 'n', n USING ERRCODE = '22023';
  END IF;
END $$;
`

/** The append, in one statement and so in one round trip: who owns the execution, what must hold, the chain that goes on, leases, what is used once, the rows. Whatever a rule decides was decided by the caller, with the functions that every store shares; here is compared whether what it was decided by still holds, and `stale` gives what does instead. */
export const APPEND = `
-- Whether a commit waits until a standby has it.
CREATE FUNCTION is_replicated() RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT current_setting('synchronous_standby_names') <> '' AND current_setting('synchronous_commit') IN ('on', 'remote_apply') $$;

-- Up to which position nothing can be added any more. An append has locked, shared, the position that it found before it took its own.
CREATE FUNCTION horizon() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
  upper bigint;
  least_floor bigint;
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO upper FROM position;
  SELECT min(upper + CASE WHEN ahead < 1073741824 THEN ahead ELSE ahead - 2147483648 END) INTO least_floor
    FROM (SELECT (objid::bigint - (upper & 2147483647) + 2147483648) & 2147483647 AS ahead FROM pg_locks
      WHERE locktype = 'advisory' AND classid = 1163087686 AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS under_way;
  RETURN least(upper, least_floor);
END $$;

-- The number in the register of the newest record that has set or ended a freeze; 0 where there is none.
CREATE FUNCTION newest_freeze() RETURNS bigint LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT greatest(
    (SELECT r.n FROM register r WHERE r.mirror IS NULL AND r.type = 'FreezeSet' ORDER BY r.pos DESC LIMIT 1),
    (SELECT r.n FROM register r WHERE r.mirror IS NULL AND r.type = 'FreezeEnded' ORDER BY r.pos DESC LIMIT 1), 0)
$$;
-- The position of the newest record that says which policy is in force; 0 where there is none.
CREATE FUNCTION newest_policy() RETURNS bigint LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$ SELECT coalesce(max(r.pos), 0)
  FROM register r WHERE r.mirror IS NULL AND r.type IN ('BundlePublished', 'PolicyLoaded', 'PolicyRetired') $$;
-- What an append is judged by, as it is now.
CREATE FUNCTION standing(its text, devices text[]) RETURNS jsonb LANGUAGE sql VOLATILE SET search_path FROM CURRENT AS $$
  SELECT jsonb_build_object(
    'execution', (SELECT jsonb_build_object('n', x.n, 'hash', encode(x.hash, 'hex'), 'seal', encode(x.seal, 'hex'), 'uncovered', to_jsonb(x.uncovered),
        'first', x.first, 'last', x.last, 'isOpen', x.is_open, 'hasActed', x.has_acted, 'token', x.token, 'worker', x.worker)
      FROM execution x WHERE x.id = its),
    'register', (SELECT jsonb_build_object('n', h.n, 'hash', encode(h.hash, 'hex'), 'seal', encode(h.seal, 'hex'), 'uncovered', to_jsonb(h.uncovered))
      FROM register_head h),
    'freezes', newest_freeze(),
    'leases', (SELECT coalesce(jsonb_agg(jsonb_build_object('device', l.device, 'execution', l.execution, 'token', l.token, 'until', l.until,
        'quarantine', l.quarantine) ORDER BY l.device), '[]') FROM lease l WHERE l.device = ANY(devices) OR l.execution = its))
$$;

CREATE FUNCTION stale(request jsonb) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT jsonb_build_object('is', 'stale', 'standing', standing(request ->> 'execution',
    ARRAY(SELECT put #>> '{now,device}' FROM jsonb_array_elements(coalesce(request -> 'leases', '[]')) AS put)))
$$;

-- Whether records are known to be missing; null where that is said behind the rows that whoever asks knows to be sealed.
CREATE FUNCTION is_missed(sealed bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT CASE WHEN greatest(missed, accepted) > sealed THEN NULL ELSE coalesce(missed > coalesce(accepted, 0), false) END FROM (SELECT
    (SELECT r.n FROM register r WHERE r.mirror IS NULL AND r.type = 'RecordsMissed' ORDER BY r.pos DESC LIMIT 1) AS missed,
    (SELECT r.n FROM register r WHERE r.mirror IS NULL AND r.type = 'StoreRestored' ORDER BY r.pos DESC LIMIT 1) AS accepted) AS said
$$;

-- The first condition of an append that does not hold, or null; \`unseen\` where whoever asks has to look at the register first.
CREATE FUNCTION unmet(conditions jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  wanted jsonb;
  missed boolean;
  newest bigint;
  asked boolean;
BEGIN
  FOR wanted IN SELECT * FROM jsonb_array_elements(conditions) LOOP
    IF wanted ? 'whole' THEN
      missed := is_missed((wanted ->> 'whole')::bigint);
      IF missed IS NULL THEN RETURN jsonb_build_object('is', 'unseen'); END IF;
      IF missed THEN RETURN jsonb_build_object('is', 'missed'); END IF;
      CONTINUE;
    END IF;
    CONTINUE WHEN wanted ->> 'policy' = newest_policy()::text;
    IF wanted ? 'policy' THEN RETURN jsonb_build_object('is', 'moved'); END IF;
    newest := coalesce((SELECT x.last FROM execution x WHERE x.id = wanted ->> 'of'), 0);
    asked := wanted ? 'since' AND EXISTS (SELECT 1 FROM register r WHERE r.receiver = wanted ->> 'of'
      AND r.type IN ('StopRequested', 'SuspendRequested') AND r.pos > (wanted ->> 'since')::bigint);
    IF asked OR newest <> (wanted ->> 'newest')::bigint THEN
      RETURN jsonb_build_object('is', 'unmet', 'of', wanted ->> 'of', 'newest', newest, 'isAsked', asked);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION same_lease(was jsonb) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT 1 FROM lease l WHERE l.device = was ->> 'device' AND l.execution = was ->> 'execution'
    AND l.token = (was ->> 'token')::bigint AND l.until IS NOT DISTINCT FROM was ->> 'until'
    AND l.quarantine IS NOT DISTINCT FROM was ->> 'quarantine')
$$;

-- Everything of one request that is compared; null where all of it holds.
CREATE FUNCTION refused(me text, request jsonb, x execution) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  known bigint := (request ->> 'token')::bigint;
  owner worker;
  answer jsonb;
  base jsonb := request -> 'base';
  head register_head;
BEGIN
  IF x.id IS NOT NULL THEN
    IF request ? 'take' THEN
      IF x.worker <> me THEN
        SELECT * INTO owner FROM worker w WHERE w.id = x.worker;
        IF is_living(owner) THEN RETURN jsonb_build_object('is', 'owned', 'worker', x.worker); END IF;
      END IF;
    ELSIF x.worker <> me OR x.token IS DISTINCT FROM known THEN
      RETURN jsonb_build_object('is', 'owned', 'worker', x.worker);
    END IF;
  END IF;
  IF request ? 'newest' AND coalesce(x.last, 0) <> (request ->> 'newest')::bigint THEN
    RETURN jsonb_build_object('is', 'unmet', 'of', request ->> 'execution', 'newest', coalesce(x.last, 0), 'isAsked', false);
  END IF;
  IF request ? 'conditions' THEN
    answer := unmet(request -> 'conditions');
    IF answer ->> 'is' = 'unseen' THEN RETURN stale(request); END IF;
    IF answer IS NOT NULL THEN RETURN answer; END IF;
  END IF;
  IF request ? 'replicated' AND NOT is_replicated() THEN RETURN jsonb_build_object('is', 'unreplicated'); END IF;
  IF request ? 'freezes' AND newest_freeze() <> (request ->> 'freezes')::bigint THEN RETURN stale(request); END IF;
  IF request ? 'execution' AND (coalesce(x.n, 0) IS DISTINCT FROM (base ->> 'n')::bigint
      OR (x.id IS NOT NULL AND x.hash IS DISTINCT FROM decode(base ->> 'hash', 'hex'))) THEN
    RETURN stale(request);
  END IF;
  IF request ? 'register' THEN
    SELECT * INTO head FROM register_head;
    IF head.n IS DISTINCT FROM (request #>> '{register,base,n}')::bigint
        OR head.hash IS DISTINCT FROM decode(request #>> '{register,base,hash}', 'hex') THEN
      RETURN stale(request);
    END IF;
  END IF;
  IF request ? 'leases' AND EXISTS (
      SELECT 1 FROM jsonb_array_elements(request -> 'leases') AS put WHERE put ? 'was' AND NOT same_lease(put -> 'was')) THEN
    RETURN stale(request);
  END IF;
  IF request ? 'uses' THEN
    SELECT jsonb_build_object('is', 'used', 'key', u.key) INTO answer FROM used u
      WHERE u.key IN (SELECT * FROM jsonb_array_elements_text(request -> 'uses')) LIMIT 1;
  END IF;
  RETURN answer;
END $$;

-- The positions of a request that was written before: its answer was lost, and it was sent again.
CREATE FUNCTION written_before(request jsonb, x execution) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF request ? 'execution' THEN
    IF x.id IS NULL OR x.hash IS DISTINCT FROM decode(request #>> '{head,hash}', 'hex') THEN RETURN NULL; END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM register r WHERE r.n = (request #>> '{register,rows,0,n}')::bigint
      AND r.hash = decode(request #>> '{register,rows,0,hash}', 'hex')) THEN
    RETURN NULL;
  END IF;
  RETURN jsonb_build_object('is', 'written', 'token', x.token, 'again', true,
    'places', (SELECT coalesce(jsonb_agg(e.pos ORDER BY e.pos), '[]') FROM event e
      WHERE e.execution = x.id AND e.n > (request #>> '{base,n}')::bigint AND e.n <= (request #>> '{head,n}')::bigint),
    'register', (SELECT coalesce(jsonb_agg(r.pos ORDER BY r.n), '[]') FROM register r
      WHERE r.n IN (SELECT (own ->> 'n')::bigint FROM jsonb_array_elements(coalesce(request #> '{register,rows}', '[]')) AS own)));
END $$;

CREATE FUNCTION write_register(register jsonb, places bigint[], is_clock boolean) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before register_head;
  own jsonb;
  pos bigint;
  taken bigint[] := '{}';
BEGIN
  SELECT * INTO before FROM register_head FOR NO KEY UPDATE;
  PERFORM require_following(before.n, before.hash, register -> 'rows', register -> 'head');
  FOR own IN SELECT * FROM jsonb_array_elements(register -> 'rows') LOOP
    pos := CASE WHEN own ? 'mirror' THEN places[(own ->> 'of')::int] ELSE nextval('position') END;
    INSERT INTO register(n, pos, mirror, execution, covers, prev, hash, body)
      VALUES ((own ->> 'n')::bigint, pos, own ->> 'mirror', own ->> 'execution', ARRAY(SELECT jsonb_array_elements_text(own -> 'covers')::bigint),
        decode(own ->> 'prev', 'hex'), decode(own ->> 'hash', 'hex'), own ->> 'body');
    taken := taken || pos;
  END LOOP;
  -- Rows of one group cover the positions before the group once, in its first row.
  UPDATE register_head SET n = (register #>> '{head,n}')::bigint, hash = decode(register #>> '{head,hash}', 'hex'),
    seal = decode(register #>> '{head,seal}', 'hex'),
    uncovered = CASE WHEN jsonb_array_length(register #> '{rows,0,covers}') = 0 THEN uncovered ELSE '{}' END || taken,
    clock_since = CASE WHEN is_clock THEN taken[1] ELSE clock_since END;
  RETURN taken;
END $$;

CREATE FUNCTION write_execution(me text, request jsonb, x execution) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  its text := request ->> 'execution';
  head jsonb := request -> 'head';
  places bigint[];
BEGIN
  PERFORM require_following(coalesce(x.n, 0), coalesce(x.hash, decode(request #>> '{base,hash}', 'hex')), request -> 'rows', head);
  WITH written AS (
    INSERT INTO event(pos, execution, n, covers, prev, hash, body)
      SELECT nextval('position'), its, (own ->> 'n')::bigint, ARRAY(SELECT jsonb_array_elements_text(own -> 'covers')::bigint),
        decode(own ->> 'prev', 'hex'), decode(own ->> 'hash', 'hex'), own ->> 'body'
      FROM jsonb_array_elements(request -> 'rows') AS own RETURNING pos)
  SELECT array_agg(pos ORDER BY pos) INTO places FROM written;
  IF x.id IS NULL THEN
    INSERT INTO execution(id, first, last, n, hash, seal, uncovered, is_open, has_acted, token, worker)
      VALUES (its, places[1], places[cardinality(places)], (head ->> 'n')::bigint, decode(head ->> 'hash', 'hex'), decode(head ->> 'seal', 'hex'),
        places, (head ->> 'isOpen')::boolean, (head ->> 'hasActed')::boolean, 1, CASE WHEN request ? 'rests' THEN NULL ELSE me END);
    RETURN places;
  END IF;
  IF request ? 'take' AND x.worker <> me THEN
    UPDATE worker SET dead = clock_timestamp(), reaper = me WHERE id = x.worker AND dead IS NULL;
  END IF;
  UPDATE execution SET last = places[cardinality(places)], n = (head ->> 'n')::bigint, hash = decode(head ->> 'hash', 'hex'),
    seal = decode(head ->> 'seal', 'hex'), uncovered = places, is_open = (head ->> 'isOpen')::boolean, has_acted = (head ->> 'hasActed')::boolean,
    token = token + CASE WHEN request ? 'take' THEN 1 ELSE 0 END,
    worker = CASE WHEN request ? 'rests' THEN NULL WHEN request ? 'take' THEN me ELSE worker END
    WHERE id = its;
  RETURN places;
END $$;

CREATE FUNCTION append_one(me text, request jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  x execution;
  answer jsonb;
  places bigint[] := '{}';
  taken bigint[] := '{}';
  woken text[];
BEGIN
  SELECT * INTO x FROM execution WHERE id = request ->> 'execution';
  answer := written_before(request, x);
  IF answer IS NULL AND request ? 'leave' THEN answer := jsonb_build_object('is', 'left'); END IF;
  answer := coalesce(answer, refused(me, request, x));
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  -- Whatever goes with records is written with them, or not at all.
  IF NOT request ?| ARRAY['rows', 'register'] THEN RAISE EXCEPTION 'an append without a record' USING ERRCODE = '22023'; END IF;
  IF request ? 'uses' THEN
    INSERT INTO used(key, execution) SELECT key, request ->> 'execution' FROM jsonb_array_elements_text(request -> 'uses') AS key;
  END IF;
  IF request ? 'leases' THEN
    INSERT INTO lease SELECT put #>> '{now,device}', put #>> '{now,execution}', (put #>> '{now,token}')::bigint, put #>> '{now,until}',
      put #>> '{now,quarantine}' FROM jsonb_array_elements(request -> 'leases') AS put WHERE NOT put ? 'was';
    UPDATE lease l SET execution = put #>> '{now,execution}', token = (put #>> '{now,token}')::bigint, until = put #>> '{now,until}',
      quarantine = put #>> '{now,quarantine}' FROM jsonb_array_elements(request -> 'leases') AS put
      WHERE put ? 'was' AND l.device = put #>> '{now,device}';
  END IF;
  IF request ? 'rows' THEN places := write_execution(me, request, x); END IF;
  IF request ? 'tokens' THEN
    INSERT INTO task_token SELECT token, request ->> 'execution' FROM jsonb_array_elements_text(request -> 'tokens') AS token
      ON CONFLICT DO NOTHING;
  END IF;
  IF request ? 'register' THEN
    taken := write_register(request -> 'register', places, request ? 'clock');
    woken := ARRAY(SELECT jsonb_array_elements_text(coalesce(request -> 'wakes', '[]'))
      UNION SELECT t.execution FROM task_token t WHERE t.token IN (SELECT jsonb_array_elements_text(coalesce(request -> 'answers', '[]'))));
    PERFORM pg_notify('eos_wake', coalesce(to_wake, '')) FROM unnest(woken || (request ->> 'execution')) AS to_wake;
  END IF;
  RETURN jsonb_build_object('is', 'written', 'places', to_jsonb(places), 'register', to_jsonb(taken),
    'token', CASE WHEN x.id IS NULL THEN 1 WHEN request ? 'take' THEN x.token + 1 ELSE x.token END);
END $$;

-- Appends a group of requests, each of which is refused alone. \`locks\`: the executions that are written, named in conditions or woken;
-- \`answers\`: the task tokens that are answered; \`freezing\`: 'read' where something begins, 'write' where a freeze is set or ended.
CREATE FUNCTION append(me text, locks text[], answers text[], devices text[], freezing text, registering boolean, requests jsonb)
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
  IF freezing = 'write' THEN PERFORM 1 FROM freeze_lock FOR NO KEY UPDATE;
  ELSIF freezing = 'read' THEN PERFORM 1 FROM freeze_lock FOR SHARE; END IF;
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
