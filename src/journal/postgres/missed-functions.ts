/**
 * While records are known to be missing (`RecordsMissed`), and nobody has accepted that (`StoreRestored`), what leads on is refused to every
 * process: also to those that remember nothing of them. A request that needs the whole record has a condition that says so.
 */
export const MISSED = `
CREATE FUNCTION is_missed() RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT 1 FROM register r WHERE r.mirror IS NULL AND r.type = 'RecordsMissed'
    AND r.pos > coalesce((SELECT max(s.pos) FROM register s WHERE s.mirror IS NULL AND s.type = 'StoreRestored'), 0))
$$;

CREATE OR REPLACE FUNCTION unmet(conditions jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  wanted jsonb;
  newest bigint;
  asked boolean;
BEGIN
  FOR wanted IN SELECT * FROM jsonb_array_elements(conditions) LOOP
    IF wanted ? 'whole' THEN
      IF is_missed() THEN RETURN jsonb_build_object('is', 'missed'); END IF;
      CONTINUE;
    END IF;
    newest := coalesce((SELECT x.last FROM execution x WHERE x.id = wanted ->> 'of'), 0);
    asked := wanted ? 'since' AND EXISTS (SELECT 1 FROM register r WHERE r.receiver = wanted ->> 'of'
      AND r.type IN ('StopRequested', 'SuspendRequested') AND r.pos > (wanted ->> 'since')::bigint);
    IF asked OR newest <> (wanted ->> 'newest')::bigint THEN
      RETURN jsonb_build_object('is', 'unmet', 'of', wanted ->> 'of', 'newest', newest, 'isAsked', asked);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
`
