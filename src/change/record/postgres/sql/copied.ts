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
