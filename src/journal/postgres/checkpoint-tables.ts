/**
 * Checkpoints over many chains. `heads` names the chains that the root of one is over, and how many records each had. The newest one is
 * sealed in `checkpoint_head`, so that nobody without the key takes it away unseen.
 */
export const CHECKPOINTS = `
ALTER TABLE checkpoint ADD COLUMN heads text NOT NULL DEFAULT '{}';

CREATE TABLE checkpoint_head(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id bigint NOT NULL,
  seal bytea NOT NULL CHECK (length(seal) = 32)
) WITH (fillfactor = 50);

DROP FUNCTION checkpoint_put(bigint, bigint, text, text);

-- Keeps a checkpoint; false where another process has made the one of this number: nobody waits for another.
CREATE FUNCTION checkpoint_put(its bigint, its_seq bigint, its_at text, its_note text, its_heads text, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF its <> (SELECT coalesce(max(c.id), 0) + 1 FROM checkpoint c) THEN RETURN false; END IF;
  INSERT INTO checkpoint(id, seq, at, note, heads) VALUES (its, its_seq, its_at, its_note, its_heads) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO checkpoint_head(id, seal) VALUES (its, its_seal) ON CONFLICT (one) DO UPDATE SET id = excluded.id, seal = excluded.seal;
  RETURN true;
END $$;
`
