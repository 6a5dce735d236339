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
