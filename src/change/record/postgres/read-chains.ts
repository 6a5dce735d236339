import type { LeaseRow } from '../chains/append-request.ts'
import type { DerivedRows } from '../chains/derived-rows.ts'
import { type ChainsTrail, readTrail } from '../chains/read-trail.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { notesFault } from '../store/all-notes.ts'
import { copyFault } from './copied.ts'
import type { Ask, Questions } from './database.ts'
import { deliveriesFault, keptDeliveries } from './deliveries.ts'
import { LAYOUT } from './layout.ts'
import { allNotes } from './postgres-notes.ts'
import { recordViewOver } from './records.ts'
import { keptWorkers, workersFault } from './worker-seal.ts'

const SINGLE: Readonly<Record<string, string>> = {
  store: 'the id of the store',
  register_head: 'the head of the register',
  checkpoint_head: 'the seal of the newest checkpoint',
  delivery_head: 'the seal over how far receivers are',
  freeze_lock: 'what freezes wait for',
  timeline: 'since when the database is the one that takes writes',
}

const ROWS = Object.keys(SINGLE)
  .map((name) => `SELECT '${name}' AS name, count(*) = 1 AND bool_and(one) AS "isWhole" FROM ${name}`)
  .join(' UNION ALL ')

const STRANGERS = `SELECT format('process %s', id) AS who FROM worker
    WHERE kind NOT IN ('worker', 'server', 'client') OR ttl <= interval '0' OR (dead IS NULL) <> (reaper IS NULL)
      OR NOT isfinite(since) OR NOT isfinite(beat) OR NOT isfinite(dead) OR NOT isfinite(drain)
  UNION ALL SELECT format('the owner of execution %s', x.id) FROM execution x
    WHERE x.worker IS NOT NULL AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = x.worker)
  UNION ALL SELECT 'the timeline of the database' FROM timeline WHERE id !~ '^[0-9A-F]{8}$'
  UNION ALL SELECT format('the holder of %s', h.name) FROM hold h WHERE NOT EXISTS (SELECT 1 FROM worker w WHERE w.id = h.worker)
  LIMIT 1`

async function faultOfRows(ask: Ask, derived: DerivedRows) {
  const leases = await ask<LeaseRow>('SELECT device, execution, token, until, quarantine FROM lease')
  return (
    derived.taken.fault(leases, derived.retired.size === 0) ??
    (await deliveryFault(ask)) ??
    (await singleFault(ask)) ??
    (await stepFault(ask)) ??
    (await strangerFault(ask))
  )
}

async function deliveryFault(ask: Ask): Promise<ChainFault | undefined> {
  const [row] = await ask<{ receiver: string }>(
    String.raw`SELECT receiver FROM delivery WHERE position < 0 OR at !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$' ORDER BY receiver LIMIT 1`,
  )
  return row === undefined ? undefined : { seq: 0, reason: `how far ${row.receiver} is cannot be so` }
}

async function singleFault(ask: Ask): Promise<ChainFault | undefined> {
  const rows = await ask<{ name: string; isWhole: boolean | null }>(ROWS)
  const odd = rows.find(({ isWhole }) => isWhole !== true)
  return odd === undefined ? undefined : { seq: 0, reason: `${SINGLE[odd.name]} is not kept once, in its own row` }
}

async function stepFault(ask: Ask): Promise<ChainFault | undefined> {
  const rows = await ask<{ number: number; name: string }>('SELECT number, name FROM migration ORDER BY number')
  const odd = rows.find(({ number, name }) => number !== LAYOUT.number || name !== LAYOUT.name)
  return odd === undefined ? undefined : { seq: 0, reason: `the layout has a step ${odd.number} that no eosflow made` }
}

async function strangerFault(ask: Ask): Promise<ChainFault | undefined> {
  const [row] = await ask<{ who: string }>(STRANGERS)
  return row === undefined ? undefined : { seq: 0, reason: `what is kept of ${row.who} cannot be` }
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
