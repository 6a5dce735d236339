/** The arguments of an append but for the key that its seals are made by. */
const ARGUMENTS = `me text, ids text[], tokens bigint[], bases bigint[], base_hashes bytea[], newests bigint[], ends bigint[],
    end_hashes bytea[], seals bytea[], opens boolean[], acts boolean[], owners int[], numbers bigint[], covered text[], prevs bytea[],
    hashes bytea[], bodies text[], locks text[], answers text[], devices text[], freezing text, registering boolean, requests jsonb`

const NAMES = ARGUMENTS.replaceAll(/ [a-z]+(?:\[\])?(?=,|$)/g, '')

/**
 * The install key that the store is under: \`store.key_check\`, and \`rotations\` says how often it was replaced. Whoever seals says by which
 * key, and what is sealed by another one is not taken: \`rekeyed\` gives the check of the present one.
 *
 * A rotation locks the tables of the heads before it reads them, and everybody who writes heads locks them, shared, before the key is compared: so
 * each append is before the rotation as a whole, and sealed anew with all others, or behind it, and compared with the new key (each statement
 * of a function in PL/pgSQL sees what was committed before that statement: PostgreSQL 15, section 13.2.1 and 38.7).
 */
export const KEYS = `
ALTER TABLE store ADD COLUMN rotations bigint NOT NULL DEFAULT 0;

ALTER FUNCTION append_group(text, text[], bigint[], bigint[], bytea[], bigint[], bigint[], bytea[], bytea[], boolean[], boolean[], int[],
  bigint[], text[], bytea[], bytea[], text[], text[], text[], text[], text, boolean, jsonb) RENAME TO append_sealed;

CREATE FUNCTION append_group(its_key text, ${ARGUMENTS}) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  present text;
BEGIN
  LOCK TABLE execution IN ROW EXCLUSIVE MODE;
  SELECT s.key_check INTO present FROM store s;
  IF present <> its_key THEN RETURN jsonb_build_object('is', 'rekeyed', 'key', present); END IF;
  RETURN append_sealed(${NAMES});
END $$;

-- As earlier versions call it, which know of one key alone.
CREATE FUNCTION append_group(${ARGUMENTS}) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE execution IN ROW EXCLUSIVE MODE;
  IF (SELECT s.rotations FROM store s) > 0 THEN RAISE EXCEPTION 'the install key of the store was replaced: this process must be ended'; END IF;
  RETURN append_sealed(${NAMES});
END $$;

ALTER FUNCTION checkpoint_put(bigint, bigint, text, text, text, bytea) RENAME TO checkpoint_put_sealed;

-- Keeps a checkpoint; false where another process has made the one of this number, or the seal is by another key than the present one.
CREATE FUNCTION checkpoint_put(its_key text, its bigint, its_seq bigint, its_at text, its_note text, its_heads text, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE checkpoint_head IN ROW EXCLUSIVE MODE;
  IF (SELECT s.key_check FROM store s) <> its_key THEN RETURN false; END IF;
  RETURN checkpoint_put_sealed(its, its_seq, its_at, its_note, its_heads, its_seal);
END $$;

CREATE FUNCTION checkpoint_put(its bigint, its_seq bigint, its_at text, its_note text, its_heads text, its_seal bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE checkpoint_head IN ROW EXCLUSIVE MODE;
  IF (SELECT s.rotations FROM store s) > 0 THEN RETURN false; END IF;
  RETURN checkpoint_put_sealed(its, its_seq, its_at, its_note, its_heads, its_seal);
END $$;
`
