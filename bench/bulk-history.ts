import { randomBytes } from 'node:crypto'
import type { EventBody, JournalEvent } from '../src/change/record/event/event.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'

/** An execution that is put into a store: at one time, by whoever its first record names. */
export interface PastExecution {
  readonly id: string
  readonly events: readonly EventBody[]
  /** Who wrote it, as it is on record. */
  readonly actor: string
  /** Milliseconds since the epoch. Default: now. */
  readonly at?: number
}

/** What fills a store: copies of executions that really ran, one after the other. */
export interface History {
  /** The records of one that has ended. */
  readonly ended: readonly JournalEvent[]
  /** The records of one that has not. */
  readonly open: readonly JournalEvent[]
  /** How many copies of that there are, spread over all of the history. */
  readonly openCopies: number
  /** How many records the store has then, at least. */
  readonly records: number
}

/** So many appends come in together: they are one transaction. */
const AT_ONCE = 500

/** Appends whole executions to a store that nobody has open, many to a transaction, as the store itself does. Signs no checkpoint. Gives its newest position. */
export async function appendPast(
  path: string,
  installKey: string,
  executions: Iterable<PastExecution>,
): Promise<number> {
  let now = Date.now()
  const clock = { now: () => now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  const store = await openStore({ path, installKey, clock, checkpointKey: () => undefined })
  try {
    let pending: Promise<unknown>[] = []
    for (const { id, events, actor, at } of executions) {
      now = at ?? now
      pending.push(store.as({ issuer: 'local', id: actor, auth: 'os' }).append(id, events))
      if (pending.length < AT_ONCE) continue
      await Promise.all(pending)
      pending = []
    }
    await Promise.all(pending)
    return (await store.head()).seq
  } finally {
    await store.close()
  }
}

/** Fills a store that nobody has open with copies of executions: no part of what is measured. */
export async function fillStore(path: string, installKey: string, history: History): Promise<void> {
  const store = await openStore({
    path,
    installKey,
    clock: { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() },
    checkpointKey: () => undefined,
  })
  const { seq } = await store.head()
  await store.close()
  await appendPast(path, installKey, copiesOf(history, seq))
}

function* copiesOf({ ended, open, openCopies, records }: History, present: number): Generator<PastExecution> {
  let written = 0
  for (let seq = present; seq < records; ) {
    const isOpenDue = written < openCopies * (seq / records)
    if (isOpenDue) written += 1
    const copy = copyOf(isOpenDue ? open : ended)
    seq += copy.events.length
    yield copy
  }
}

let copies = 0

/** A copy with an id, a plan digest and a nonce of its own. */
function copyOf(events: readonly JournalEvent[]): PastExecution {
  copies += 1
  const [first] = events
  const id = `${(first?.execution ?? '').slice(0, -8)}${copies.toString(16).padStart(8, '0')}`
  const own = new Map(
    events.flatMap((event): readonly (readonly [string, string])[] => {
      if (event.type === 'PlanMade') return [[event.digest, `sha256:${randomBytes(32).toString('hex')}`]]
      return event.type === 'ApprovalUsed' ? [[event.nonce, randomBytes(16).toString('hex')]] : []
    }),
  )
  return { id, actor: first?.actor ?? '', events: renamed(bodiesOf(events), own) }
}

/** What of records is given to whoever appends them. */
export function bodiesOf(events: readonly JournalEvent[]): readonly EventBody[] {
  return events.map(({ v: _, seq: __, at: ___, actor: ____, execution: _____, ...event }) => event as EventBody)
}

function renamed(events: readonly EventBody[], own: ReadonlyMap<string, string>): readonly EventBody[] {
  const text = [...own].reduce((copy, [word, other]) => copy.replaceAll(word, other), JSON.stringify(events))
  return JSON.parse(text) as readonly EventBody[]
}
