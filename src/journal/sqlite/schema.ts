/** `EOSF`: distinguishes our file from any other SQLite file. */
export const APPLICATION_ID = 0x454f5346

/** The layout below. An older store is brought up to it at opening, a newer one refused by name. */
export const STORE_VERSION = 12

/** Whether a record is a message: sent to an execution from outside of it. */
export const IS_MESSAGE = "body ->> '$.type' IN ('SignalSent', 'StopRequested')"

/** Who a message is for: the digest of a task token, or an execution. */
export const RECEIVER = "coalesce(body ->> '$.token', body ->> '$.stopped')"

const MESSAGES = `CREATE INDEX journal_message ON journal(${RECEIVER}) WHERE ${IS_MESSAGE};`

const LEASES = `CREATE TABLE lease(
  device TEXT PRIMARY KEY,
  execution TEXT NOT NULL,
  token INTEGER NOT NULL CHECK(token > 0),
  until TEXT
) STRICT, WITHOUT ROWID;`

const QUARANTINE = 'ALTER TABLE lease ADD COLUMN quarantine TEXT;'

/** One record for each use of an approval: the first use of one that is good for one execution says nothing of its number. */
const USES = `CREATE UNIQUE INDEX approval_use ON journal(body ->> '$.nonce', coalesce(body ->> '$.use', 1))
  WHERE body ->> '$.type' = 'ApprovalUsed';`

const AUDIT = `CREATE TABLE checkpoint(
  id INTEGER PRIMARY KEY CHECK(id > 0),
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_keeps BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
CREATE TRIGGER checkpoint_stands BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;

CREATE TABLE delivery(
  receiver TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  at TEXT NOT NULL,
  fault TEXT
) STRICT, WITHOUT ROWID;`

const KEYS = `CREATE UNIQUE INDEX execution_key ON journal(body ->> '$.request.key')
  WHERE body ->> '$.request.key' IS NOT NULL;`

/** Whether a record says which policy a store demands. */
export const IS_POLICY = "body ->> '$.type' IN ('PolicyLoaded', 'PolicyRetired')"

const POLICIES = `CREATE INDEX journal_policy ON journal(body ->> '$.type') WHERE ${IS_POLICY};`

const EXECUTIONS = `CREATE TABLE execution(
  id TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  records INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK(length(digest) = 32),
  open INTEGER NOT NULL,
  acted INTEGER NOT NULL,
  seal BLOB NOT NULL CHECK(length(seal) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX execution_first ON execution(first);
CREATE INDEX execution_open ON execution(first) WHERE open = 1;`

/** What versions 7 and 8 kept of plans. It stays in a store of theirs for whoever has that open. */
const MENTIONS = `CREATE TABLE plan_mention(
  plan TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  seal BLOB NOT NULL CHECK(length(seal) = 32)
) STRICT, WITHOUT ROWID;`

/** Whether a record says that the store was restored from a backup. */
export const IS_RESTORATION = "body ->> '$.type' = 'StoreRestored'"

const RESTORATIONS = `CREATE INDEX journal_restoration ON journal(body ->> '$.type') WHERE ${IS_RESTORATION};`

const PLANS = `CREATE TABLE plan_entry(
  place INTEGER NOT NULL,
  plan TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  records INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK(length(digest) = 32),
  seal BLOB NOT NULL CHECK(length(seal) = 32),
  PRIMARY KEY(place, plan)
) STRICT, WITHOUT ROWID;`

/** Whether a record is the word that an execution is to rest. */
export const IS_SUSPENSION = "body ->> '$.type' = 'SuspendRequested'"

const SUSPENSIONS = `CREATE INDEX journal_suspension ON journal(body ->> '$.suspended') WHERE ${IS_SUSPENSION};`

/** Whether a record says that older ones were sealed as a segment. */
export const IS_SEALING = "body ->> '$.type' = 'StoreSealed'"

const SEALINGS = `CREATE INDEX journal_sealing ON journal(body ->> '$.type') WHERE ${IS_SEALING};`

/** Whether a record sets a freeze, or ends one. */
export const IS_FREEZE = "body ->> '$.type' IN ('FreezeSet', 'FreezeEnded')"

/** Until when a freeze is set, a text; or the number of the freeze that is ended. SQLite sorts numbers before texts. */
export const FREEZE_KEY = "coalesce(body ->> '$.until', body ->> '$.freeze')"

const FREEZES = `CREATE INDEX journal_freeze ON journal(${FREEZE_KEY}) WHERE ${IS_FREEZE};`

/** Whether a record is about a schedule. */
export const IS_SCHEDULE =
  "body ->> '$.type' IN ('ScheduleChanged', 'ScheduleFired', 'ScheduleSkipped', 'ScheduleMissed', 'ScheduleFinished')"

/** Whether a record decides about an instant of a schedule. */
export const IS_SCHEDULE_DECISION = "body ->> '$.type' IN ('ScheduleFired', 'ScheduleSkipped', 'ScheduleMissed')"

/** The name of a schedule, and the instant that a record of it is about; a record that it was changed has none. */
export const SCHEDULE_KEY = "body ->> '$.schedule', body ->> '$.instant'"

/** An instant of a schedule is decided about once, whoever does it. */
const SCHEDULES = `CREATE INDEX journal_schedule ON journal(${SCHEDULE_KEY}) WHERE ${IS_SCHEDULE};
CREATE UNIQUE INDEX schedule_decision ON journal(${SCHEDULE_KEY}) WHERE ${IS_SCHEDULE_DECISION};`

/** What makes a store of each older version one of the next. */
export const UPGRADES: readonly (readonly [from: number, sql: string])[] = [
  [1, MESSAGES],
  [2, LEASES],
  [3, `DROP INDEX approval_use;\n${USES}\n${AUDIT}`],
  [4, KEYS],
  [5, POLICIES],
  [6, `${EXECUTIONS}\n${MENTIONS}`],
  [7, `${SUSPENSIONS}\n${QUARANTINE}`],
  [8, `${PLANS}\n${RESTORATIONS}`],
  [9, SEALINGS],
  [10, FREEZES],
  [11, SCHEDULES],
]

/** Refuses to delete a record: only the sealing of a segment takes it away, and puts it back. */
export const KEEPS_RECORDS =
  "CREATE TRIGGER journal_keeps BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"

/**
 * The layout of the present version. The journal's columns `execution` and `plan` are computed from the body, so that there is
 * nothing beside the hashed text that could say something else. `approval_use` lets each use of an approval be taken once,
 * whoever asks and at whatever time.
 */
export const SCHEMA = `
CREATE TABLE store(
  origin TEXT NOT NULL,
  key_check TEXT NOT NULL
) STRICT;

CREATE TABLE journal(
  seq INTEGER PRIMARY KEY CHECK(seq > 0),
  execution TEXT GENERATED ALWAYS AS (body ->> '$.execution') VIRTUAL,
  plan TEXT GENERATED ALWAYS AS (coalesce(body ->> '$.statement.plan', body ->> '$.digest', body ->> '$.plan')) VIRTUAL,
  body TEXT NOT NULL,
  prev BLOB NOT NULL CHECK(length(prev) = 32),
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE INDEX journal_execution ON journal(execution);
CREATE INDEX journal_plan ON journal(plan) WHERE plan IS NOT NULL;
${USES}
${KEYS}
${MESSAGES}
${POLICIES}
${SUSPENSIONS}
${RESTORATIONS}
${SEALINGS}
${FREEZES}
${SCHEDULES}
${KEEPS_RECORDS}
CREATE TRIGGER journal_stands BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE mark(
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  latest TEXT,
  seal TEXT NOT NULL
) STRICT;

CREATE TABLE blob(
  ref TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

${LEASES}
${QUARANTINE}

${EXECUTIONS}

${PLANS}

${AUDIT}

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${STORE_VERSION};
`
