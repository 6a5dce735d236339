import type { Database } from 'better-sqlite3'
import { IS_MESSAGE, IS_SCHEDULE, IS_SUSPENSION, RECEIVER } from './schema.ts'

/** Up to which record is sealed, and what is known of the executions and approvals at that time. */
export interface SealBoundary {
  readonly through: number
  /** Executions that a rule asks for though they have ended. */
  readonly executions: readonly string[]
  /** An approval that expires later may still count. ISO 8601 in UTC. */
  readonly now: string
}

const REF = /blob:[0-9a-f]{64}/g

/**
 * Writes down, in a temporary table `stays`, which of the records up to a cut stay in the store: those that a rule asks for. `whole`: with
 * the texts that they name. Open executions, and those that are named, with their messages; plans whose approval may still count, with the
 * executions that they are of; policies, bundles, rotations of the install key, restorations, sealings, snapshots, freezes and schedules. Without their texts: each use of an approval, each key of
 * a run, the first and the last record of every execution and every plan.
 */
export function chooseCarried(database: Database, { through, executions, now }: SealBoundary): void {
  database.exec(`CREATE TEMP TABLE stays(seq INTEGER PRIMARY KEY, whole INTEGER NOT NULL);
    CREATE TEMP TABLE meant(id TEXT PRIMARY KEY);
    CREATE TEMP TABLE live_plan(plan TEXT PRIMARY KEY);
    INSERT INTO meant SELECT id FROM execution WHERE open = 1;`)
  const mean = database.prepare('INSERT OR IGNORE INTO meant VALUES (?)')
  for (const id of executions) mean.run(id)
  database
    .prepare(`INSERT INTO live_plan SELECT DISTINCT plan FROM journal
      WHERE plan IS NOT NULL AND body ->> '$.type' = 'ApprovalDecided' AND body ->> '$.statement.expires' > ?`)
    .run(now)
  database.exec(`INSERT OR IGNORE INTO live_plan SELECT plan FROM journal
      WHERE plan IS NOT NULL AND execution IN (SELECT id FROM execution WHERE open = 1);
    INSERT OR IGNORE INTO meant SELECT execution FROM journal
      WHERE plan IN (SELECT plan FROM live_plan) AND execution IS NOT NULL;`)
  const stay = (whole: number, which: string): void => {
    database
      .prepare(`INSERT INTO stays SELECT seq, ${whole} FROM journal WHERE seq <= ? AND (${which})
        ON CONFLICT(seq) DO UPDATE SET whole = max(whole, excluded.whole)`)
      .run(through)
  }
  stay(1, 'execution IN (SELECT id FROM meant)')
  stay(1, 'plan IN (SELECT plan FROM live_plan)')
  stay(
    1,
    "body ->> '$.type' IN ('PolicyLoaded', 'PolicyRetired', 'StoreRestored', 'StoreSealed', 'SnapshotTaken', 'BundlePublished', 'FreezeSet', 'FreezeEnded', 'ScheduleChanged')",
  )
  stay(1, "body ->> '$.type' = 'KeyRotated' AND body ->> '$.key' = 'install'")
  // Of each schedule the newest of each kind: up to which instant it was decided about, and how its last occurrence ended.
  stay(
    1,
    `seq IN (SELECT seq FROM (SELECT seq, max(body ->> '$.instant') FROM journal
      WHERE ${IS_SCHEDULE} GROUP BY body ->> '$.schedule', body ->> '$.type'))`,
  )
  stay(1, `${IS_MESSAGE} AND ${RECEIVER} IN (SELECT id FROM meant UNION ${TOKENS})`)
  stay(1, `${IS_SUSPENSION} AND body ->> '$.suspended' IN (SELECT id FROM meant)`)
  stay(0, "body ->> '$.type' = 'ApprovalUsed' OR body ->> '$.request.key' IS NOT NULL")
  stay(0, 'seq IN (SELECT first FROM execution UNION SELECT last FROM execution)')
  stay(0, 'seq IN (SELECT first FROM plan_entry UNION SELECT last FROM plan_entry)')
}

/** The tokens that states of executions were handed out under. */
const TOKENS = `SELECT body ->> '$.token' FROM journal
  WHERE body ->> '$.type' = 'TaskSubmitted' AND execution IN (SELECT id FROM meant)`

/** The references of the texts that stay: what the records name that stay whole, and what those texts name. `read` gives a text. */
export function textsThatStay(
  database: Database,
  through: number,
  read: (ref: string) => string | undefined,
): ReadonlySet<string> {
  const bodies = database.prepare<[number], string>(
    'SELECT body FROM journal WHERE seq > ? OR seq IN (SELECT seq FROM stays WHERE whole = 1)',
  )
  const found = new Set<string>()
  for (const body of bodies.pluck().iterate(through)) for (const ref of body.match(REF) ?? []) found.add(ref)
  // A set takes what is added while it is walked: texts name further texts.
  for (const ref of found) for (const inner of read(ref)?.match(REF) ?? []) found.add(inner)
  return found
}
