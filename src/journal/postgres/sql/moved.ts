/**
 * What a store was before it was moved here: its records byte for byte, and its checkpoints. `moved` says where they are from. Until `isHere`
 * the file is the store, and nothing but a move writes to this one.
 */
export const MOVED = `
CREATE TABLE moved(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin text NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  is_here boolean NOT NULL
);

CREATE TABLE moved_record(
  seq bigint PRIMARY KEY,
  body text NOT NULL,
  prev bytea NOT NULL CHECK (length(prev) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE moved_checkpoint(
  id bigint PRIMARY KEY,
  seq bigint NOT NULL,
  at text NOT NULL,
  note text NOT NULL
);

CREATE TRIGGER moved_record_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON moved_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER moved_checkpoint_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON moved_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The file that the records are from has been closed: this is the store now. False where another store is said to have been closed.
CREATE FUNCTION moved_here(its_origin text, its_seq bigint) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE moved SET is_here = true WHERE origin = its_origin AND seq = its_seq RETURNING true
$$;
`
