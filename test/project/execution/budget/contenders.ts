import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { foldAll } from '../../../../src/change/engine/fold.ts'
import { openLedger } from '../../../../src/change/engine/ledger.ts'
import type { Budget } from '../../../../src/change/inventory/budget-settings.ts'
import type { InventoryDevice } from '../../../../src/change/inventory/inventory.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { unlimitedRoom } from '../../../../src/change/record/room.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Leases } from '../../../../src/change/record/store/lease.ts'
import type { Notes } from '../../../../src/change/record/store/notes.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import { budgetPort } from '../../../../src/project/execution/budget/share-book.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ONE_OF_EACH } from '../../../change/record/one-of-each-event.ts'
import { partOf } from '../../../lab/part-of.ts'

/** Four spines and four leaves at two sites. */
export const SWITCHES = ['spine1', 'spine2', 'spine3', 'spine4', 'leaf1', 'leaf2', 'leaf3', 'leaf4'].map(
  (name, index) =>
    partOf<InventoryDevice>({
      name,
      tags: { role: name.replace(/\d/, ''), site: index % 2 === 0 ? 'fra' : 'ams' },
      groups: [],
    }),
)

/** One spine at each site, and three switches in all. */
export const BUDGETS: readonly Budget[] = [
  { on: 'role:spine', max: 1, per: 'site' },
  { on: 'role:spine or role:leaf', max: 3 },
]

/** The most switches that {@link BUDGETS} let be under change at once, by the names of the groups. */
export const MOST = { 'role:spine at site=fra': 1, 'role:spine at site=ams': 1, 'role:spine or role:leaf': 3 }

/** The store of one process that takes part. */
export type ContenderStore = Store & Leases & Journal & { readonly notes: Notes }

/** Time that passes fifty times as fast where somebody waits. */
const quick: Clock = { ...systemClock, sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 50, signal) }

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }

/**
 * One process that begins executions, two at a time, at random moments: each takes the shares of one to three switches, is under change for a moment, and ends;
 * some give what they have back first. Resolves when all have ended.
 */
export async function contend(
  store: ContenderStore,
  { seed, starts }: { readonly seed: number; readonly starts: number },
) {
  const random = new SeededRandom(seed)
  const below = (count: number) => Math.floor(random.fraction() * count)
  const pause = (most: number) => systemClock.sleep(below(most))
  const one = async (number: number) => {
    const id = `x${seed}-${number}`
    const spine = below(2) === 0 ? [`spine${1 + below(4)}`] : []
    const devices = [...spine, ...['leaf1', 'leaf2', 'leaf3', 'leaf4'].slice(below(4)).slice(0, 1 + below(2))]
    await pause(20)
    const written = await store.append(
      id,
      [{ ...STARTED, machine: { version: 3, startAt: '', states: {} }, targets: devices }],
      0,
    )
    const ledger = openLedger(
      { journal: store, room: unlimitedRoom, clock: quick },
      foldAll(id, written),
      () => undefined,
    )
    const port = budgetPort({
      app: { store, leases: store, notes: store.notes, clock: quick },
      execution: id,
      budgets: BUDGETS,
      inventory: SWITCHES,
    })
    await port.take(ledger, { devices, seconds: 60, signal: new AbortController().signal })
    await pause(10)
    if (below(3) === 0) {
      const shares = [...ledger.state.shares.values()].flatMap((own) => own.shares)
      await ledger.append({ type: 'SharesGivenBack', devices, shares })
      await pause(5)
    }
    await ledger.append({ type: 'ExecutionEnded', outcome: 'succeeded', devices: {} })
  }
  for (let number = 0; number < starts; number += 2)
    await Promise.all([number, number + 1].filter((each) => each < starts).map(one))
}

/** What the record of a race says. */
interface Judgement {
  /** The most that were under change at once in each group. */
  readonly most: Readonly<Record<string, number>>
  /** How many executions have ended, and how many had to wait. */
  readonly ended: number
  readonly waited: number
  /** How often somebody who waited was overtaken by executions that began later. */
  readonly overtaken: number
}

/** Judges a race by its record alone. */
export async function judged(store: Pick<Store, 'executionIds' | 'read'>): Promise<Judgement> {
  const events: JournalEvent[] = []
  for (const id of await store.executionIds()) events.push(...(await store.read(id)))
  events.sort((one, other) => one.seq - other.seq)
  const waits = events.filter(({ type }) => type === 'SharesAwaited')
  return {
    most: mostIn(events),
    ended: events.filter(({ type }) => type === 'ExecutionEnded').length,
    waited: waits.length,
    overtaken: Math.max(0, ...waits.map((wait) => overtakersOf(wait, events))),
  }
}

/** The most shares of each group that were held at once. Throws where one was taken that somebody had. */
function mostIn(events: readonly JournalEvent[]) {
  const held = new Map<string, string>()
  const most: Record<string, number> = {}
  for (const event of events) {
    const { execution = '' } = event
    for (const share of takenIn(event)) {
      if (held.has(share)) throw new Error(`${share} is taken by ${execution} while ${held.get(share)} has it`)
      held.set(share, execution)
    }
    for (const [share, holder] of held) if (isGivenBack(share, holder, event)) held.delete(share)
    for (const group of Object.keys(MOST)) {
      const [on, site = ''] = group.split(' at ')
      const now = [...held.keys()].filter((share) => share.startsWith(`budget ${on} [${site}]`)).length
      most[group] = Math.max(most[group] ?? 0, now)
    }
  }
  return most
}

const takenIn = (event: JournalEvent) => (event.type === 'SharesTaken' ? event.shares.map(({ share }) => share) : [])

function isGivenBack(share: string, holder: string, event: JournalEvent) {
  if (event.type === 'SharesGivenBack') return event.shares.includes(share)
  return event.type === 'ExecutionEnded' && event.execution === holder
}

function overtakersOf({ execution, seq }: JournalEvent, events: readonly JournalEvent[]) {
  const begun = new Map(events.flatMap((one) => (one.type === 'ExecutionStarted' ? [[one.execution, one.seq]] : [])))
  const takes = events.filter(({ type }) => type === 'SharesTaken')
  const taken = takes.find((one) => one.execution === execution)?.seq ?? 0
  const between = takes.filter((one) => one.seq > seq && one.seq < taken)
  return between.filter((one) => (begun.get(one.execution) ?? 0) > seq).length
}

/** Has three processes contend over the store in a database, each with eight executions; rejects where one of them complains. */
export async function contendingProcesses(address: string) {
  const program = fileURLToPath(new URL('./contender-process.ts', import.meta.url))
  const ends = ['1', '2', '3'].map(async (seed) => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, address, seed], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += String(chunk)
    })
    const [code] = await once(child, 'close')
    return [code, complaint]
  })
  expect(await Promise.all(ends)).toEqual([1, 2, 3].map(() => [0, '']))
}
