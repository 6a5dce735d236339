import type { LeaseRow } from '../chains/append-request.ts'
import type { DerivedRows } from '../chains/derived-rows.ts'
import { type ChainsTrail, readTrail } from '../chains/read-trail.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import { notesFault } from '../store/sealed-notes.ts'
import { copyFault } from './copied.ts'
import type { Ask, Questions } from './database.ts'
import { deliveriesFault, keptDeliveries } from './deliveries.ts'
import { LAYOUT } from './layout.ts'
import { allNotes } from './postgres-notes.ts'
import { recordViewOver } from './records.ts'
import { keptWorkers, workersFault } from './worker-row.ts'

const SINGLE = [
  ['store', 'the id of the store'],
  ['register_head', 'the head of the register'],
  ['checkpoint_head', 'the seal of the newest checkpoint'],
  ['delivery_head', 'the seal over how far receivers are'],
  ['freeze_lock', 'what freezes wait for'],
  ['timeline', 'since when the database is the one that takes writes'],
] as const

const SINGLE_ODD = SINGLE.map(
  ([table, words]) =>
    `SELECT 2, NULL, '${words} is not kept once, in its own row' FROM (SELECT count(*) = 1 AND bool_and(one) AS whole FROM ${table}) AS t WHERE whole IS NOT TRUE`,
).join(' UNION ALL ')

// What is kept beside the chains that cannot be so: the first of it.
const ODD = String.raw`SELECT reason FROM (
  SELECT 1 AS kind, receiver AS of, format('how far %s is cannot be so', receiver) AS reason FROM delivery
    WHERE position < 0 OR at !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
  UNION ALL ${SINGLE_ODD}
  UNION ALL SELECT 3, lpad(number::text, 11), format('the layout has a step %s that no eosflow made', number) FROM migration
    WHERE number <> ${LAYOUT.number} OR name IS DISTINCT FROM '${LAYOUT.name}'
  UNION ALL SELECT 4, NULL, format('what is kept of process %s cannot be', id) FROM worker
    WHERE kind NOT IN ('worker', 'server', 'client') OR ttl <= interval '0' OR (dead IS NULL) <> (reaper IS NULL)
      OR NOT isfinite(since) OR NOT isfinite(beat) OR NOT isfinite(dead) OR NOT isfinite(drain)
  UNION ALL SELECT 5, NULL, format('what is kept of the owner of execution %s cannot be', x.id) FROM execution x
    WHERE x.worker IS NOT NULL AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = x.worker)
  UNION ALL SELECT 6, NULL, 'what is kept of the timeline of the database cannot be' FROM timeline WHERE id !~ '^[0-9A-F]{8}$'
  UNION ALL SELECT 7, NULL, format('what is kept of the holder of %s cannot be', h.name) FROM hold h WHERE NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = h.worker)
  ) AS odd ORDER BY kind, of LIMIT 1`

async function faultOfRows(ask: Ask, derived: DerivedRows): Promise<ChainFault | undefined> {
  const leases = await ask<LeaseRow>('SELECT device, execution, token, until, quarantine FROM lease')
  const fault = derived.taken.fault(leases, derived.retired.size === 0)
  const [odd] = fault === undefined ? await ask<{ reason: string }>(ODD) : []
  return odd === undefined ? fault : { seq: 0, ...odd }
}

/** Reads a store in a database as one moment of it: see {@link readTrail}. */
export function readChains(
  questions: Questions,
  keys: KeyRing | undefined,
  files: SegmentFiles = noSegmentFiles,
): Promise<ChainsTrail> {
  return questions.view(async (ask) => {
    const trail = await readTrail(recordViewOver(ask), { keys, files, beside: (derived) => faultOfRows(ask, derived) })
    const keyed = trail.keyed ? keys : undefined
    const { origin } = trail.chains
    if (keyed !== undefined) {
      trail.chains.find(deliveriesFault(await keptDeliveries(ask), keyed, origin))
      trail.chains.find(workersFault(await keptWorkers(ask), keyed, origin))
      trail.chains.find(notesFault(await allNotes(ask), { keys: keyed, origin }))
    }
    trail.chains.find(await copyFault(ask, keyed))
    return trail
  })
}
