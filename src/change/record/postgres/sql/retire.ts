/** The record that executions were retired (`SegmentRetired`) takes their rows out in its own transaction: there is never the one without the other. Of an execution that is not named by such a record nobody deletes a row, its owner neither (docs/adr/0085). */
export const RETIRE = `
-- Whether a row leaves the store: the first and the last one, the ends and what names a plan are found by everyday commands.
CREATE FUNCTION leaves(n bigint, newest bigint, type text, plan text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT n > 1 AND n < newest AND type <> 'ExecutionEnded' AND plan IS NULL $$;

CREATE FUNCTION refuse_unretired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM gone g LEFT JOIN execution x ON x.id = g.execution
      WHERE x.retired IS NULL OR NOT leaves(g.n, x.n, g.type, g.plan)) THEN
    RAISE EXCEPTION 'the journal is append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_kept AFTER DELETE ON event REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_unretired();

CREATE FUNCTION refuse_retired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION 'the records of execution % are in a segment: nothing is added to them', OLD.id;
END $$;
CREATE TRIGGER execution_retired BEFORE UPDATE ON execution FOR EACH ROW
  WHEN (OLD.retired IS NOT NULL AND (NEW.n <> OLD.n OR NEW.retired IS DISTINCT FROM OLD.retired)) EXECUTE FUNCTION refuse_retired();

-- A worker may not: what it puts on record is sealed, and a seal is judged by nobody here, so its password alone would take records out.
CREATE FUNCTION require_keeper() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF pg_has_role(session_user, 'eos_owner', 'MEMBER') THEN RETURN; END IF;
  RAISE EXCEPTION '% may not take records out of the store', session_user USING ERRCODE = '42501';
END $$;

-- Whoever writes to one of these executions just now is not waited for: the register is locked here, and they may wait for it.
CREATE FUNCTION retire_segment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  named json := NEW.body::json -> 'executions';
  ids text[] := ARRAY(SELECT json_object_keys(named));
  strange text;
BEGIN
  PERFORM require_keeper();
  PERFORM 1 FROM execution x WHERE x.id = ANY(ids) ORDER BY x.id FOR UPDATE NOWAIT;
  SELECT its.key INTO strange FROM json_each_text(named) AS its LEFT JOIN execution x ON x.id = its.key
    WHERE x.id IS NULL OR x.is_open OR x.retired IS NOT NULL OR x.n <> its.value::bigint
      OR EXISTS (SELECT 1 FROM lease l WHERE l.execution = x.id) LIMIT 1;
  IF strange IS NOT NULL THEN RAISE EXCEPTION 'the records of execution % may not leave the store', strange; END IF;
  UPDATE execution SET retired = NEW.n WHERE id = ANY(ids);
  DELETE FROM event e USING execution x WHERE x.id = ANY(ids) AND e.execution = x.id AND leaves(e.n, x.n, e.type, e.plan);
  DELETE FROM task_token WHERE execution = ANY(ids);
  RETURN NULL;
END $$;
CREATE TRIGGER register_retires AFTER INSERT ON register FOR EACH ROW
  WHEN (NEW.mirror IS NULL AND NEW.type = 'SegmentRetired') EXECUTE FUNCTION retire_segment();

-- Takes out the texts that no record here names, unless they are among \`inner_texts\`: those that only other texts name.
CREATE FUNCTION retire_texts(inner_texts text[]) RETURNS TABLE(texts bigint, bytes bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM require_keeper();
  PERFORM set_config('eosflow.retires', 'on', true);
  RETURN QUERY WITH named AS MATERIALIZED (
      SELECT named_in[1] AS ref FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL,
        regexp_matches(e.body, 'blob:[0-9a-f]{64}', 'g') AS named_in
      UNION SELECT named_in[1] FROM register r, regexp_matches(r.body, 'blob:[0-9a-f]{64}', 'g') AS named_in
      UNION SELECT unnest(inner_texts)),
    gone AS (DELETE FROM blob b WHERE b.put < now() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM named WHERE named.ref = b.ref)
      RETURNING octet_length(b.bytes) AS size)
    SELECT count(*), coalesce(sum(size), 0)::bigint FROM gone;
END $$;
`
