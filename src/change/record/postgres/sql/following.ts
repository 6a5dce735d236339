/**
 * Whoever has a login of workers and no key can call the functions with what they like. No seal is judged there, but a head only goes forward,
 * by the rows that are given, and each row follows the one before it: what is forged is behind the last head that was sealed, and nothing is
 * put back.
 */
export const FOLLOWING = `
-- Refuses rows that do not go on from a row of a chain, each from the one before it, and a head that is not the last of them.
CREATE FUNCTION require_following(n bigint, hash bytea, rows jsonb, head jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  own jsonb;
BEGIN
  FOR own IN SELECT * FROM jsonb_array_elements(rows) LOOP
    IF (own ->> 'n')::bigint IS DISTINCT FROM n + 1 OR decode(own ->> 'prev', 'hex') IS DISTINCT FROM hash THEN
      RAISE EXCEPTION 'row % does not follow row %', own ->> 'n', n USING ERRCODE = '22023';
    END IF;
    n := n + 1;
    hash := decode(own ->> 'hash', 'hex');
  END LOOP;
  IF jsonb_array_length(rows) IS NOT DISTINCT FROM 0 OR (head ->> 'n')::bigint IS DISTINCT FROM n OR decode(head ->> 'hash', 'hex') IS DISTINCT FROM hash THEN
    RAISE EXCEPTION 'the head % is not the newest row, which is %', head ->> 'n', n USING ERRCODE = '22023';
  END IF;
END $$;
`
