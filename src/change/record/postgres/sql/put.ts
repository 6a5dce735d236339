export const PUT = `
-- That a text is put anew is noted once an hour.
CREATE FUNCTION blob_put(its text, its_bytes bytea) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO blob(ref, bytes) VALUES (its, its_bytes)
    ON CONFLICT (ref) DO UPDATE SET put = now() WHERE blob.put < now() - interval '1 hour'
$$;

-- Keeps a checkpoint; false where another process has made the one of this number (nobody waits for another), or the seal is by another key
-- than the present one: see append_group.
CREATE FUNCTION checkpoint_put(its_key text, its bigint, its_seq bigint, its_at text, its_note text, its_heads text, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE checkpoint_head IN ROW EXCLUSIVE MODE;
  IF (SELECT s.key_check FROM store s) <> its_key THEN RETURN false; END IF;
  IF its <> (SELECT coalesce(max(c.id), 0) + 1 FROM checkpoint c) THEN RETURN false; END IF;
  INSERT INTO checkpoint(id, seq, at, note, heads) VALUES (its, its_seq, its_at, its_note, its_heads) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO checkpoint_head(id, seal) VALUES (its, its_seal) ON CONFLICT (one) DO UPDATE SET id = excluded.id, seal = excluded.seal;
  RETURN true;
END $$;

-- How far a receiver is, and the seal over how far all are; false where another process has written another one since. Nobody has what is not there.
CREATE FUNCTION delivery_put(its text, its_position bigint, its_at text, its_fault text, was bytea, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  newest bigint := CASE WHEN its LIKE 'anchor %' THEN (SELECT coalesce(max(c.id), 0) FROM checkpoint c)
    ELSE (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM position) END;
BEGIN
  IF its_position > newest THEN RAISE EXCEPTION '% cannot have %: the newest is %', its, its_position, newest USING ERRCODE = '22023'; END IF;
  UPDATE delivery_head SET seal = its_seal WHERE seal = was;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO delivery(receiver, position, at, fault) VALUES (its, its_position, its_at, its_fault)
    ON CONFLICT (receiver) DO UPDATE SET position = excluded.position, at = excluded.at, fault = excluded.fault;
  RETURN true;
END $$;
`
