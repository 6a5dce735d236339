import { expect, test } from 'vitest'
import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import { questionsOf } from '../../src/change/record/store/questions.ts'
import type { Workers } from '../../src/change/record/store/workers.ts'
import type { SharedStore } from '../../src/project/app/store/project-store.ts'
import { beginAndRun } from '../../src/project/execution/run/run.ts'
import { type StopResult, stopEveryOpen } from '../../src/project/execution/stop/stop.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import {
  type App,
  appOf,
  appWith,
  aroundAppends,
  type Lab,
  openLab,
  partOf,
  personNamed,
  preparedIn,
  whileTimePasses,
} from '../lab/lab.ts'

const NOWHERE = cursorBehind(undefined)
/** One more than are put back at once, so that one waits for its turn. */
const MANY = 9
/** Four looks half a second apart, in milliseconds. */
const ONE_SERIES = 1_500

/** The processes of a store in which nobody else writes a word, and nobody has died. */
const QUIET = partOf<Workers>({ listen: () => () => undefined, hasDied: async () => false, list: async () => [] })

/** What `stop --all` of a store that machines share has done. */
interface Stopping {
  readonly lab: Lab
  readonly app: App
  readonly told: StopResult[]
  /** What the store was asked since the word was on record, by the name of the question. */
  readonly asked: Map<string, number>
  /** How many were taken over and had not ended, at most. */
  most: number
}

/** Many executions that wait for an approval, in a store that machines share as far as this process knows. */
async function waiting() {
  const lab = openLab()
  const own = await appOf(lab)
  for (let at = 0; at < MANY; at += 1) {
    const begun = beginAndRun(
      own,
      personNamed('alice'),
      { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(own) },
      { detach: true },
    )
    await whileTimePasses(lab.clock, begun)
  }
  const asked = new Map<string, number>()
  const counted =
    <Given extends readonly unknown[], T>(name: string, question: (...given: Given) => T) =>
    (...given: Given) => {
      asked.set(name, (asked.get(name) ?? 0) + 1)
      return question(...given)
    }
  const { store, claims } = own
  const under = new Set<string>()
  const stopping: Stopping = { lab, app: own, told: [], asked, most: 0 }
  const heeding = aroundAppends({
    // So that those that may be put back at once are.
    before: (events) => (events.some(({ type }) => type === 'ExecutionEnded') ? lab.clock.sleep(1) : undefined),
    behind: (written, execution = '') => {
      for (const { type } of written) {
        if (type === 'ExecutionResumed') under.add(execution)
        if (type === 'ExecutionEnded') under.delete(execution)
      }
      stopping.most = Math.max(stopping.most, under.size)
    },
  })
  const app = appWith(own, {
    store: {
      ...questionsOf(store, (question) => question),
      read: counted('read', store.read.bind(store)),
      tail: counted('tail', store.tail.bind(store)),
      as: store.as.bind(store),
      close: async () => undefined,
    },
    claims: { claim: claims.claim.bind(claims), isClaimed: counted('isClaimed', claims.isClaimed.bind(claims)) },
    journalAs: (principal) => heeding(own.journalAs(principal)),
    shared: { workers: QUIET } as SharedStore,
  })
  return Object.assign(stopping, { app })
}

/** Stops all of them as somebody who asks for it, and gives how long it took by the clock. */
async function stopAll({ lab, app, told, asked }: Stopping, more: Partial<Caller> = {}) {
  const before = lab.clock.monotonic()
  const caller = { ...personNamed('alice'), ...more }
  const work = stopEveryOpen(
    app,
    caller,
    { reason: 'wrong night', restored: false },
    (one) => void told.push(one),
    () => asked.clear(),
  )
  expect(await whileTimePasses(lab.clock, work)).toBe(MANY)
  return lab.clock.monotonic() - before
}

const outcomes = ({ told }: Stopping) => [...new Set(told.map(({ state, error }) => error ?? state?.outcome))]

test('all that wait on a shared store are looked at in one series of looks, and eight at once are put back', async () => {
  const stopping = await waiting()
  const open = (await stopping.app.store.openExecutions()).map(({ id }) => id)
  const took = await stopAll(stopping)
  expect(outcomes(stopping)).toEqual(['cancelled'])
  expect(took).toBeGreaterThanOrEqual(ONE_SERIES)
  expect(took).toBeLessThan(2 * ONE_SERIES)
  expect(stopping.told.map(({ found }) => found.id)).toEqual(open)
  expect(stopping.most).toBe(8)
})

test('while they wait nothing is read of each: how the record went on since all of them were read is one question', {
  tags: ['long', 'turn'],
}, async () => {
  const stopping = await waiting()
  const { lab, app, asked } = stopping
  const stop = new AbortController()
  void lab.clock.sleep(ONE_SERIES - 1).then(() => stop.abort())
  await stopAll(stopping, { stop: stop.signal })
  expect(asked.get('read') ?? 0).toBe(0)
  // The words to stop, and that there is no more. Those who ask the same at once are one statement of a database.
  expect(asked.get('tail')).toBe(2 * MANY)
  expect(asked.get('isClaimed')).toBe(3 * MANY)
  // Whoever has asked waits no longer: none of them was taken over, and the words stand.
  expect(stopping.told.map(({ state, error }) => state ?? error)).toEqual(Array.from({ length: MANY }, () => undefined))
  expect(await app.store.openExecutions()).toHaveLength(MANY)
  for (const { found } of stopping.told) expect(await app.store.stopRequest(found.id, NOWHERE)).toBeDefined()
})

test('one that another process claims while it waits for its turn is looked at anew, and is not taken over meanwhile', async () => {
  const stopping = await waiting()
  const { lab, app, told } = stopping
  // The last of them to have a turn: it is claimed once the first is taken over, and for a while.
  const late = (await app.store.openExecutions()).at(-1)?.id ?? ''
  let claimedAt: number | undefined
  const resumed: number[] = []
  const seeing = aroundAppends({
    before: (events, execution) => {
      if (!events.some(({ type }) => type === 'ExecutionResumed')) return
      claimedAt ??= lab.clock.monotonic()
      if (execution === late) resumed.push(lab.clock.monotonic() - claimedAt)
    },
  })
  const claimed = appWith(app, {
    claims: {
      ...app.claims,
      isClaimed: async (id) => {
        const isHeld = id === late && claimedAt !== undefined && lab.clock.monotonic() < claimedAt + 3_000
        return isHeld || app.claims.isClaimed(id)
      },
    },
    journalAs: (principal) => seeing(app.journalAs(principal)),
  })
  await stopAll({ ...stopping, app: claimed })
  expect(resumed).toHaveLength(1)
  // Free again after three seconds, and then seen so four times.
  expect(resumed[0]).toBeGreaterThanOrEqual(3_000 + ONE_SERIES)
  expect(told.at(-1)).toMatchObject({ found: { id: late }, state: { outcome: 'cancelled' } })
  expect(outcomes(stopping)).toEqual(['cancelled'])
})

test('one that somebody has go on while it waits for its turn is not taken over as it was: it is asked again', {
  tags: ['long', 'turn'],
}, async () => {
  const stopping = await waiting()
  const { app, told } = stopping
  const late = (await app.store.openExecutions()).at(-1)?.id ?? ''
  let isResumed = false
  const continued = appWith(app, {
    journalAs: (principal) => {
      const journal = app.journalAs(principal)
      return {
        read: journal.read,
        append: async (execution, events, ...more) => {
          if (!isResumed && execution !== undefined) {
            isResumed = true
            await journal.append(late, [{ type: 'ExecutionResumed' }])
          }
          return journal.append(execution, events, ...more)
        },
      }
    },
  })
  await stopAll({ ...stopping, app: continued })
  expect(outcomes(stopping)).toEqual(['cancelled'])
  expect(told.at(-1)?.found.id).toBe(late)
  const [resumed, taken] = (await app.store.read(late)).filter(({ type }) => type === 'ExecutionResumed')
  expect([resumed, taken]).toMatchObject([{ type: 'ExecutionResumed' }, { byItself: true }])
  const word = await app.store.stopRequest(late, cursorBehind(resumed))
  expect(word?.seq).toBeLessThan(taken?.seq ?? 0)
})
