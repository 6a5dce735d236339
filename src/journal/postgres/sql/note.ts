/**
 * Notes: what servers and commands keep beside the record for a while. `name` is a keyed digest and `body` is encrypted, both under the install
 * key. Who puts one takes away some whose time is over, after it has its own row and without waiting for a row of others: two of them never wait for each other.
 */
export const NOTES = `
CREATE TABLE note(
  kind text NOT NULL,
  name text NOT NULL,
  body bytea NOT NULL,
  made timestamptz NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE INDEX note_made ON note(kind, made);
CREATE INDEX note_until ON note(until);

CREATE FUNCTION note_tidy(its_kind text, most int) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM note n USING (SELECT kind, name FROM note WHERE until <= clock_timestamp() ORDER BY until LIMIT 100 FOR UPDATE SKIP LOCKED) old
    WHERE n.kind = old.kind AND n.name = old.name;
  DELETE FROM note n USING (SELECT kind, name FROM note WHERE kind = its_kind AND most IS NOT NULL ORDER BY made DESC OFFSET coalesce(most, 0) FOR UPDATE SKIP LOCKED) old
    WHERE n.kind = old.kind AND n.name = old.name;
$$;

-- Keeps a note; false where another one has its name.
CREATE FUNCTION note_put(its_kind text, its text, its_body bytea, ms bigint, most int) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  is_new boolean;
BEGIN
  INSERT INTO note AS n(kind, name, body, made, until)
    VALUES (its_kind, its, its_body, clock_timestamp(), clock_timestamp() + ms * interval '1 millisecond')
    ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, made = excluded.made, until = excluded.until WHERE n.until <= clock_timestamp()
    RETURNING true INTO is_new;
  PERFORM note_tidy(its_kind, most);
  RETURN coalesce(is_new, false);
END $$;

-- Keeps a note in place of the one of its name.
CREATE FUNCTION note_set(its_kind text, its text, its_body bytea, ms bigint, most int) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO note(kind, name, body, made, until)
    VALUES (its_kind, its, its_body, clock_timestamp(), clock_timestamp() + ms * interval '1 millisecond')
    ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, made = excluded.made, until = excluded.until;
  PERFORM note_tidy(its_kind, most);
END $$;

-- Takes a note away: one of all who try it is given the body.
CREATE FUNCTION note_take(its_kind text, its text) RETURNS bytea LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM note WHERE kind = its_kind AND name = its AND until > clock_timestamp() RETURNING body
$$;

CREATE FUNCTION note_extend(its_kind text, its text, ms bigint) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE note SET until = clock_timestamp() + ms * interval '1 millisecond' WHERE kind = its_kind AND name = its AND until > clock_timestamp() RETURNING true
$$;
`
