import { OWNER, WORKER } from './rights.ts'

/** Objects with their owner and the words of the statement that alters each. */
const OBJECTS = `SELECT 'schema' AS kind, n.nspname::text AS schema, n.nspname::text AS name, 'SCHEMA' AS word, format('%I', n.nspname) AS id,
    n.nspowner AS owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY($1::text[])
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'r' THEN 'table' ELSE 'other' END, n.nspname::text, c.relname::text,
    CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    format('%I.%I', n.nspname, c.relname), c.relowner,
    coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 'function', n.nspname::text, p.proname::text, 'ROUTINE',
    (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity, p.proowner,
    coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY($1::text[])`

/** The objects, and whose they are. */
export const OWNED = `SELECT o.kind, o.schema, o.name, o.word, o.id, r.rolname::text AS role, r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS trusted
    FROM (${OBJECTS}) AS o JOIN pg_catalog.pg_roles r ON r.oid = o.owner ORDER BY o.kind <> 'schema', o.word, o.id`

/** Everything that lies in a schema, of any kind. */
export const LYING = `SELECT i.type, i.identity, n.nspname::text AS schema, i.name FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_namespace n ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid,
    LATERAL (SELECT f.type, f.identity, coalesce(
        (SELECT p.proname::text FROM pg_catalog.pg_proc p WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid),
        (SELECT c.relname::text FROM pg_catalog.pg_class c WHERE d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid)) AS name
      FROM pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS f) AS i
  WHERE n.nspname = ANY($1::text[]) AND i.type <> 'default acl' ORDER BY 1, 2`

/** The triggers of tables. Those that belong to a foreign key are PostgreSQL's. */
export const FIRED = `SELECT format('%s.%s %s', n.nspname, c.relname, t.tgname) AS known, format('%I', t.tgname) AS name, format('%I.%I', n.nspname, c.relname) AS id,
    t.tgenabled = 'O' AS enabled FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[]) AND NOT t.tgisinternal ORDER BY 1`

/** Rules, policies, and constraints of tables of others: each runs or refuses with statements of somebody else. */
export const BOUND = `SELECT 'rule' AS kind, format('%I', w.rulename) AS name, format('%I.%I', n.nspname, c.relname) AS id FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_class c ON c.oid = w.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1::text[]) AND c.relkind NOT IN ('v', 'm')
  UNION ALL SELECT 'policy', format('%I', p.polname), format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[])
  UNION ALL SELECT 'constraint', format('%I', k.conname), format('%I.%I', m.nspname, b.relname) FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class b ON b.oid = k.conrelid JOIN pg_catalog.pg_namespace m ON m.oid = b.relnamespace
    WHERE k.contype = 'f' AND n.nspname = ANY($1::text[]) AND m.nspname <> n.nspname ORDER BY 1, 2`

/** Tables of which somebody does not see every row. */
export const HIDDEN = `SELECT format('%I.%I', n.nspname, c.relname) AS id FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY($1::text[]) AND c.relrowsecurity ORDER BY 1`

/** Who may do what with which object, but for its owner; also with a column of it, and what objects that are made later give. */
export const GIVEN = `SELECT o.kind, o.schema, o.name, o.word, o.id, coalesce(g.rolname::text, 'PUBLIC') AS role, a.privilege_type AS "right", a.is_grantable AS further
    FROM (${OBJECTS}) AS o CROSS JOIN LATERAL aclexplode(o.acl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee WHERE a.grantee <> o.owner ORDER BY 4, 5, 6, 7`

/** The same of single columns. */
export const GIVEN_COLUMNS = `SELECT format('%I.%I', n.nspname, c.relname) AS id, format('%I', t.attname) AS name, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    a.privilege_type AS "right" FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(t.attacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = ANY($1::text[]) AND a.grantee <> c.relowner ORDER BY 1, 2, 3, 4`

/** What others make later is not in these schemas: they may make nothing there. */
export const GIVEN_LATER = `SELECT DISTINCT format('%I', r.rolname) AS owner, quote_ident(n.nspname) AS schema, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS word
    FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE (n.nspname = ANY($1::text[]) OR (d.defaclnamespace = 0 AND r.rolname = '${OWNER}'))
      AND (r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER')) AND a.grantee <> d.defaclrole ORDER BY 1, 2, 3, 4`

/** What the two roles may do beside owning and using, and what they are members of. */
export const ROLES = `SELECT r.rolname::text AS role, r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls AS can,
    (SELECT string_agg(b.rolname::text, ', ' ORDER BY b.rolname) FROM pg_catalog.pg_roles b
      WHERE r.rolname = '${WORKER}' AND b.oid <> r.oid AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS more
    FROM pg_catalog.pg_roles r WHERE r.rolname IN ('${OWNER}', '${WORKER}') ORDER BY 1`

/**
 * Logins of workers, also by way of another role, that own the store or may do what makes somebody an owner, themselves or in a role that they can take
 * (SET ROLE): give roles (CREATEROLE before PostgreSQL 16), read every row, copy the server, read or write every table, or read, write and run as the
 * user of the server (postgresql.org/docs/current/predefined-roles.html).
 */
export const BOTH = `SELECT r.rolname::text AS role, pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS owns,
    (SELECT string_agg(w.what || CASE WHEN b.oid = r.oid OR w.what = b.rolname THEN '' ELSE ' of ' || b.rolname END, ', ' ORDER BY w.what COLLATE "C", b.rolname)
      FROM pg_catalog.pg_roles b, LATERAL (VALUES ('SUPERUSER', b.rolsuper), ('CREATEROLE', b.rolcreaterole), ('REPLICATION', b.rolreplication), ('BYPASSRLS', b.rolbypassrls),
        (b.rolname::text, b.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data'))) AS w(what, has)
      WHERE w.has AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS more
    FROM pg_catalog.pg_roles r WHERE r.rolcanlogin AND NOT r.rolsuper AND pg_has_role(r.oid, '${WORKER}', 'USAGE') ORDER BY 1`

/** What the owner of the store owns elsewhere in the database: a view or a function there gives its rights to whoever may use it. */
export const ELSEWHERE = `SELECT i.type, i.identity FROM pg_catalog.pg_shdepend d, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS i
  WHERE d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = '${OWNER}')
    AND d.dbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database())
    AND i.type <> 'default acl' AND coalesce(i.schema, i.name) <> ALL($1::text[]) ORDER BY 1, 2`

/** Where else workers may make something that somebody with more rights may run by hand. */
export const AROUND = `SELECT 'database' AS kind, format('%I', d.datname) AS name, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS role
    FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE d.datname = current_database() AND a.privilege_type = 'CREATE' AND (a.grantee = 0 OR (NOT g.rolsuper AND pg_has_role(a.grantee, '${WORKER}', 'MEMBER') AND NOT pg_has_role(a.grantee, '${OWNER}', 'MEMBER')))
  UNION ALL SELECT 'schema', format('%I', n.nspname), CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END
    FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = 'public' AND a.privilege_type = 'CREATE' AND (a.grantee = 0 OR (NOT g.rolsuper AND pg_has_role(a.grantee, '${WORKER}', 'MEMBER') AND NOT pg_has_role(a.grantee, '${OWNER}', 'MEMBER')))
  ORDER BY 1, 2, 3`

/** Event triggers run with statements of whoever alters a table; their function can be altered by its owner. */
export const EVENTS = `SELECT format('%I', e.evtname) AS name, format('%I', r.rolname) AS role FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
  JOIN pg_catalog.pg_roles r ON r.oid = p.proowner WHERE NOT r.rolsuper ORDER BY 1`
