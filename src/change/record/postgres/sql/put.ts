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

/** `name` is a keyed digest; `body` is encrypted and sealed under the install key, in `note_head` over which notes of a kind there are and until when (src/change/record/store/sealed-notes.ts). */
export const NOTES = `
CREATE TABLE note(
  name text PRIMARY KEY,
  kind text NOT NULL,
  body bytea NOT NULL
);
CREATE INDEX note_kind ON note(kind);

CREATE TABLE note_head(
  kind text PRIMARY KEY,
  body bytea NOT NULL
) WITH (fillfactor = 50);

-- Changes the notes of a kind; false where another process has changed them since, or the store is under another key. Twelve bytes tell one list from another.
CREATE FUNCTION note_change(its_key text, its_kind text, was bytea, its_list bytea, its_names text[], its_bodies bytea[], gone text[]) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE note_head IN ROW EXCLUSIVE MODE;
  IF (SELECT s.key_check FROM store s) <> its_key THEN RETURN false; END IF;
  IF was IS NULL THEN INSERT INTO note_head(kind, body) VALUES (its_kind, its_list) ON CONFLICT DO NOTHING;
  ELSE UPDATE note_head SET body = its_list WHERE kind = its_kind AND substr(body, 1, 12) = was;
  END IF;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM note WHERE kind = its_kind AND name = ANY(gone);
  INSERT INTO note(name, kind, body) SELECT put.name, its_kind, put.body FROM unnest(its_names, its_bodies) AS put(name, body)
    ON CONFLICT (name) DO UPDATE SET body = excluded.body WHERE note.kind = excluded.kind;
  RETURN true;
END $$;
`

export const COPIED = `
CREATE TABLE copied(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- The id of the copy, which the last record of the file names.
  copy text NOT NULL,
  -- The newest row of the register, and the newest position of all.
  n bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  newest bigint NOT NULL,
  seal bytea NOT NULL CHECK (length(seal) = 32)
);

-- The file has been closed: what that has written comes behind what was copied, and this is the store. False where this is not that copy.
-- A position is not taken from the sequence, which is not put back with a transaction.
CREATE FUNCTION copied_here(its_copy text, its_record jsonb, its_checkpoint jsonb) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path FROM CURRENT AS $$
DECLARE
  its copied;
  head register_head;
BEGIN
  SELECT * INTO its FROM copied c WHERE c.copy = its_copy FOR UPDATE;
  IF its.copy IS NULL THEN RETURN false; END IF;
  SELECT * INTO head FROM register_head FOR UPDATE;
  PERFORM require_following(head.n, head.hash, jsonb_build_array(its_record), its_record);
  INSERT INTO register(n, pos, covers, prev, hash, body) VALUES ((its_record ->> 'n')::bigint, its.newest + 1,
    ARRAY(SELECT jsonb_array_elements_text(its_record -> 'covers')::bigint), decode(its_record ->> 'prev', 'hex'), decode(its_record ->> 'hash', 'hex'), its_record ->> 'body');
  UPDATE register_head SET n = (its_record ->> 'n')::bigint, hash = decode(its_record ->> 'hash', 'hex'), seal = decode(its_record ->> 'seal', 'hex'),
    uncovered = ARRAY[its.newest + 1];
  INSERT INTO checkpoint(id, seq, at, note, heads) VALUES ((its_checkpoint ->> 'id')::bigint, (its_checkpoint ->> 'seq')::bigint, its_checkpoint ->> 'at',
    its_checkpoint ->> 'note', its_checkpoint ->> 'heads');
  UPDATE checkpoint_head SET id = (its_checkpoint ->> 'id')::bigint, seal = decode(its_checkpoint ->> 'seal', 'hex');
  PERFORM setval('position', its.newest + 1);
  DELETE FROM copied;
  RETURN true;
END $$;
`
