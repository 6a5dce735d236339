/**
 * Who a process is on record, who has declared it dead, and that it is forgotten only once its death is on record: whoever finds a death that is not
 * puts it there, and the key of that use has it there once (docs/adr/0087). Functions of the layout before serve processes of that time.
 */
export const DEATHS = `
ALTER TABLE worker ADD COLUMN name text;
-- The id of the process that has declared it dead.
ALTER TABLE worker ADD COLUMN reaper text;

CREATE FUNCTION worker_begin(me text, its_name text, its_kind text, its_sites text[], its_version text, ttl_ms bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM hold c USING worker w WHERE w.id = c.worker AND w.dead < clock_timestamp() - interval '1 day';
  DELETE FROM worker w WHERE w.dead < clock_timestamp() - interval '1 day' AND EXISTS (SELECT 1 FROM used u WHERE u.key = 'death ' || w.id)
    AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.worker = w.id);
  INSERT INTO worker(id, name, kind, sites, version, ttl, since, beat)
    VALUES (me, its_name, its_kind, its_sites, its_version, ttl_ms * interval '1 millisecond', clock_timestamp(), clock_timestamp());
END $$;

CREATE OR REPLACE FUNCTION worker_begin(me text, kind text, sites text[], version text, ttl_ms bigint) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT worker_begin(me, NULL, kind, sites, version, ttl_ms)
$$;

-- A process ends in order: what it drove is free at once. The row of one that was declared dead stays until that is on record.
CREATE OR REPLACE FUNCTION worker_end(me text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE execution SET worker = NULL WHERE worker = me;
  DELETE FROM hold WHERE worker = me;
  DELETE FROM worker WHERE id = me AND dead IS NULL;
$$;

-- Declares a process dead that has not beaten since \`me\` has read this beat; true for who was first.
CREATE FUNCTION worker_reap(me text, who text, seen timestamptz) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE worker SET dead = clock_timestamp(), reaper = me WHERE id = who AND beat = seen AND dead IS NULL AND NOT is_living(worker) RETURNING true
$$;

CREATE OR REPLACE FUNCTION hold_name(its text, me text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
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

CREATE OR REPLACE FUNCTION write_execution(me text, request jsonb, x execution) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  its text := request ->> 'execution';
  head jsonb := request -> 'head';
  places bigint[];
BEGIN
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
`
