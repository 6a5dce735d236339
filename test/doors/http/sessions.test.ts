import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import { isStillKnown } from '../../../src/doors/http/context/who-is.ts'
import { Sessions } from '../../../src/doors/http/session/sessions.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { freshPath, openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { ANN } from '../../lab/lab.ts'

const MINUTE = 60_000
const EIGHT = Date.UTC(2026, 0, 5, 8)

/** The servers of a file, one after the other: each opens it anew, and knows whoever logs in. */
function serversOf(path: string, clock: VirtualClock) {
  let seed = 0
  return async () => {
    seed += 1
    const store = await openForTest(path, clock)
    const sleepless = { sleep: async () => undefined }
    const sessions = new Sessions({
      notes: store.notes,
      random: new SeededRandom(seed),
      clock: sleepless,
      isKnown: () => true,
    })
    return { sessions, close: () => store.close() }
  }
}

/** Notes, so that one of their questions can be another. */
function notesOf(notes: Notes): Notes {
  return {
    put: (...given) => notes.put(...given),
    set: (...given) => notes.set(...given),
    setAll: (...given) => notes.setAll(...given),
    read: (...given) => notes.read(...given),
    take: (...given) => notes.take(...given),
    extend: (...given) => notes.extend(...given),
    present: (...given) => notes.present(...given),
    all: (...given) => notes.all(...given),
    now: () => notes.now(),
    requireUsable: () => notes.requireUsable(),
  }
}

test('[G25] a browser finds its session with the next server, and the file has nothing that its cookie or its forms have', async () => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  const server = serversOf(path, clock)
  const first = await server()
  const [id, other] = [await first.sessions.open(ANN), await first.sessions.open({ ...ANN, id: 'local:1001:ben@box' })]
  const session = await first.sessions.find(id)
  await first.sessions.close(other)
  await first.close()
  const text = readFileSync(path).toString('latin1')
  expect([id, session?.token, session?.mark, 'ann@box'].filter((secret) => text.includes(String(secret)))).toEqual([])
  const second = await server()
  const again = await second.sessions.find(id)
  expect([again?.principal, again?.token, again?.mark, again?.ends]).toEqual([
    ANN,
    session?.token,
    session?.mark,
    EIGHT + 720 * MINUTE,
  ])
  // Whoever has logged out is out.
  expect(await second.sessions.find(other)).toBeUndefined()
  // Whoever asked for nothing in half an hour too, whichever server it was asked of: it is kept to the minute.
  await clock.advance(20 * MINUTE)
  expect(await second.sessions.find(id)).toBeDefined()
  await clock.advance(29 * MINUTE)
  const third = await server()
  expect(await third.sessions.find(id)).toBeDefined()
  await clock.advance(30 * MINUTE)
  expect([await second.sessions.find(id), await third.sessions.find(id)]).toEqual([undefined, undefined])
})

test('12 hours are 12 hours, however often a session is asked by, renewed, or taken over by the next server', async () => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  const server = serversOf(path, clock)
  let { sessions } = await server()
  let id = await sessions.open(ANN)
  // Every 20 minutes it is asked by, every 40 minutes renewed, every hour another server has it: 35 times until 11:40.
  for (let third = 1; third <= 35; third += 1) {
    await clock.advance(20 * MINUTE)
    if (third % 3 === 0) ({ sessions } = await server())
    if (third % 2 === 0) id = (await sessions.renew(id)) ?? ''
    expect([third, (await sessions.find(id))?.ends]).toEqual([third, EIGHT + 720 * MINUTE])
  }
  await clock.advance(20 * MINUTE - 1)
  expect((await sessions.find(id))?.ends).toBe(EIGHT + 720 * MINUTE)
  await clock.advance(1)
  expect([await sessions.find(id), await sessions.renew(id)]).toEqual([undefined, undefined])
})

test('a session that was given another id ends when it would have ended, and is nobody by the id of before', async () => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  const server = serversOf(path, clock)
  const first = await server()
  const before = await first.sessions.open(ANN, undefined, 'sid-1')
  const was = await first.sessions.find(before)
  const over = was?.over
  await clock.advance(20 * MINUTE)
  const id = (await first.sessions.renew(before)) ?? ''
  const is = await first.sessions.find(id)
  expect([is?.principal, is?.ends, is?.over.aborted]).toEqual([ANN, EIGHT + 720 * MINUTE, false])
  expect([id === before, is?.token === was?.token, is?.mark === was?.mark, over?.aborted]).toEqual([
    false,
    false,
    false,
    true,
  ])
  // Neither here nor with the next server; and what its provider calls it is known there.
  const second = await server()
  expect([await first.sessions.find(before), await second.sessions.find(before)]).toEqual([undefined, undefined])
  expect(await second.sessions.endAt({ issuers: ['local'], sid: 'sid-1' })).toEqual([ANN])
  expect([await second.sessions.find(id), await first.sessions.find(id)]).toEqual([undefined, undefined])
})

test('a stream that is watched ends with its session, also where another server has ended it, and after 30 minutes in which nothing was asked', {
  tags: ['long', 'turn'],
}, async () => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  const store = await openForTest(path, clock)
  const parts = { notes: store.notes, random: new SeededRandom(), isKnown: () => true }
  const sessions = new Sessions({ ...parts, clock })
  const [idle, ended] = [await sessions.open(ANN), await sessions.open(ANN)]
  const over = [(await sessions.find(idle))?.over, (await sessions.find(ended))?.over]
  const stop = new AbortController()
  sessions.follow(stop.signal).catch(() => undefined)
  await new Sessions({ ...parts, clock }).close(ended)
  const aborted = async (milliseconds: number) => {
    await clock.advance(milliseconds)
    await new Promise((resolve) => setImmediate(resolve))
    return over.map((signal) => signal?.aborted)
  }
  await aborted(500)
  expect(await aborted(500)).toEqual([false, true])
  await aborted(30 * MINUTE)
  expect(await aborted(500)).toEqual([true, true])
  stop.abort()
})

test('a store that cannot be written keeps nobody logged in: neither who logs out here, nor who has logged out at the provider', async () => {
  const { notes } = await openForTest(freshPath())
  let isFull = false
  const full = {
    ...notesOf(notes),
    take: async (kind: string, name: string) => {
      if (isFull) throw new EosflowError('store', 'the disk is full')
      return notes.take(kind, name)
    },
  }
  const sessions = new Sessions({
    notes: full,
    random: new SeededRandom(),
    clock: { sleep: async () => undefined },
    isKnown: () => true,
  })
  const ben = { ...ANN, id: 'local:1001:ben@box' }
  const [own, first, second] = [await sessions.open(ben), await sessions.open(ANN), await sessions.open(ANN)]
  const over = (await sessions.find(second))?.over
  isFull = true
  await expect(sessions.close(own)).rejects.toThrow('the disk is full')
  await expect(sessions.endAt({ issuers: ['local'], sub: ANN.id })).rejects.toThrow('the disk is full')
  const found = async () => Promise.all([own, first, second].map((id) => sessions.find(id)))
  expect([await found(), over?.aborted]).toEqual([[undefined, undefined, undefined], true])
  isFull = false
  expect(await found()).toEqual([undefined, undefined, undefined])
})

test('a session is taken over only for somebody who still logs in here', () => {
  const front = (identity?: object) =>
    ({ app: { project: { settings: { identity } }, seams: { principal: ANN } } }) as unknown as Parameters<
      typeof isStillKnown
    >[0]
  const corp: Principal = { issuer: 'corp', id: 'ann', kind: 'person', auth: 'oidc' }
  const providers = front({ issuers: [{ name: 'corp' }] })
  expect([isStillKnown(front(), ANN), isStillKnown(front(), { ...ANN, id: 'local:0:root@box' })]).toEqual([true, false])
  expect([isStillKnown(front(), corp), isStillKnown(providers, corp)]).toEqual([false, true])
  expect([isStillKnown(providers, ANN), isStillKnown(providers, { ...corp, issuer: 'old' })]).toEqual([false, false])
})
