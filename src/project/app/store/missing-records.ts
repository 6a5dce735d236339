import { createHash } from 'node:crypto'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { MissingRecord } from '../../../change/record/postgres/lost-tail.ts'
import type { PostgresStore } from '../../../change/record/postgres/postgres-store.ts'
import type { Principal } from '../../../model/principal.ts'

export interface FoundLostTail {
  readonly code: string
  /** The newest that is missing of each chain, the id of an execution or `register`, and how many records the chain has. */
  readonly records: readonly { readonly chain: string; readonly n: number }[]
  readonly through: number
}

const NAMED = 100

/** What is missing, by what is on record and by what this machine remembers; undefined where nothing is known to be. */
export async function lostTailOf(store: Pick<PostgresStore, 'missed' | 'missing'>): Promise<FoundLostTail | undefined> {
  const said = await store.missed()
  const own = store.missing
  const all = new Map<string, { readonly chain: string; readonly n: number }>()
  for (const { chain, n, hash } of [...said.flatMap(({ records }) => records), ...own])
    all.set(`${chain} ${n} ${hash}`, { chain, n })
  if (all.size === 0) return undefined
  const digest = createHash('sha256')
    .update([...all.keys()].toSorted().join('\n'))
    .digest('hex')
  const through = Math.max(...said.map((one) => one.through), ...own.map(({ pos }) => pos))
  return { code: digest.slice(0, 8), records: [...all.values()], through }
}

/** Puts on record what is missing and was not said to be before, so that every process refuses what leads on. */
export async function recordMissing(store: PostgresStore, by: Principal): Promise<void> {
  const said = new Set((await store.missed()).flatMap(({ records }) => records.map(({ hash }) => hash)))
  const fresh = store.missing.filter(({ hash }) => !said.has(hash))
  if (fresh.length > 0) await store.as(by).append(undefined, [eventOf(fresh)])
}

function eventOf(missing: readonly MissingRecord[]): EventBody {
  const records = missing.slice(0, NAMED).map(({ chain, n, hash }) => ({ chain, n, hash }))
  return { type: 'RecordsMissed', records, through: Math.max(...missing.map(({ pos }) => pos)) }
}
