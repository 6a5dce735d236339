import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type KeptSession, keptSessions } from '../../src/server/kept-sessions.ts'
import { isStillKnown } from '../../src/server/local-user.ts'
import { Sessions } from '../../src/server/session.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { temporaryFolder } from '../lab/folder.ts'

const ANN = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const
const MINUTE = 60_000

test('a browser finds its session with the next server, and no file holds what its cookie or its forms hold', () => {
  const dir = temporaryFolder()
  const [file, clock] = [keptSessions(dir), { at: 1_000_000, now: () => clock.at }]
  expect(file.read()).toEqual([])
  const first = new Sessions(clock, new SeededRandom(), { before: [], keep: file.keep })
  const [id, other] = [first.open(ANN), first.open({ ...ANN, id: 'local:1001:ben@box' })]
  const session = first.find(id)
  first.close(other)
  const text = readFileSync(join(dir, 'sessions.json'), 'utf8')
  expect([id, session?.token, session?.mark].filter((secret) => text.includes(String(secret)))).toEqual([])
  expect(statSync(join(dir, 'sessions.json')).mode & 0o777).toBe(0o600)

  const second = new Sessions(clock, new SeededRandom(2), { before: file.read(), keep: file.keep })
  const again = second.find(id)
  expect([again?.principal, again?.token, again?.mark, again?.ends]).toEqual([
    ANN,
    session?.token,
    session?.mark,
    session?.ends,
  ])
  // Whoever has logged out is out.
  expect(second.find(other)).toBeUndefined()
  // Whoever asked for nothing in half an hour too, whichever server it was asked of: it is kept to the minute.
  clock.at += 20 * MINUTE
  expect(second.find(id)).toBeDefined()
  clock.at += 29 * MINUTE
  expect(new Sessions(clock, new SeededRandom(3), { before: file.read(), keep: file.keep }).find(id)).toBeDefined()
  clock.at += 30 * MINUTE
  expect(new Sessions(clock, new SeededRandom(4), { before: file.read(), keep: file.keep }).find(id)).toBeUndefined()
})

test('a session ends 12 hours after its login, however many servers have taken it over meanwhile', () => {
  const [file, clock] = [keptSessions(temporaryFolder()), { at: 1_000_000, now: () => clock.at }]
  const id = new Sessions(clock, new SeededRandom(), { before: [], keep: file.keep }).open(ANN)
  let servers = 0
  const isKnown = (): boolean => {
    servers += 1
    return (
      new Sessions(clock, new SeededRandom(servers), { before: file.read(), keep: file.keep }).find(id) !== undefined
    )
  }
  for (clock.at += 20 * MINUTE; isKnown() && servers < 100; clock.at += 20 * MINUTE);
  expect([servers, clock.at - 1_000_000]).toEqual([36, 12 * 60 * MINUTE])
})

test('what is no list of sessions is nobody', () => {
  const dir = temporaryFolder()
  for (const text of ['', '{', '{"version":2,"sessions":[]}', '{"version":1,"sessions":[{"digest":"x"}]}']) {
    writeFileSync(join(dir, 'sessions.json'), text)
    expect([text, keptSessions(dir).read()]).toEqual([text, []])
  }
})

test('a session is taken over only for somebody who still logs in here', () => {
  const front = (identity?: object) =>
    ({ app: { project: { settings: { identity } }, seams: { principal: ANN } } }) as unknown as Parameters<
      typeof isStillKnown
    >[0]
  const corp: KeptSession['principal'] = { issuer: 'corp', id: 'ann', kind: 'person', auth: 'oidc' }
  const providers = front({ issuers: [{ name: 'corp' }] })
  expect([isStillKnown(front(), ANN), isStillKnown(front(), { ...ANN, id: 'local:0:root@box' })]).toEqual([true, false])
  expect([isStillKnown(front(), corp), isStillKnown(providers, corp)]).toEqual([false, true])
  expect([isStillKnown(providers, ANN), isStillKnown(providers, { ...corp, issuer: 'old' })]).toEqual([false, false])
})

test('a session that was given another id ends when it would have ended, and is nobody by the id of before', () => {
  const dir = temporaryFolder()
  const [file, clock] = [keptSessions(dir), { at: 1_000_000, now: () => clock.at }]
  const first = new Sessions(clock, new SeededRandom(), { before: [], keep: file.keep })
  const before = first.open(ANN, undefined, 'sid-1')
  const was = first.find(before)
  clock.at += 20 * MINUTE
  const id = first.renew(before) ?? ''
  const is = first.find(id)
  expect([is?.principal, is?.ends, is?.over.aborted]).toEqual([ANN, 1_000_000 + 720 * MINUTE, false])
  expect([id === before, is?.token === was?.token, is?.mark === was?.mark, was?.over.aborted]).toEqual([
    false,
    false,
    false,
    true,
  ])
  // Neither here nor with the next server; and what its provider calls it is known there.
  const second = new Sessions(clock, new SeededRandom(2), { before: file.read(), keep: file.keep })
  expect([first.find(before), second.find(before), first.renew(before)]).toEqual([undefined, undefined, undefined])
  expect(second.endAt({ issuers: ['local'], sid: 'sid-1' })).toEqual([ANN])
  expect([second.find(id), file.read()]).toEqual([undefined, []])
})

test('12 hours are 12 hours, however often a session is asked by, renewed, or taken over by the next server', () => {
  const dir = temporaryFolder()
  const [file, clock] = [keptSessions(dir), { at: 0, now: () => clock.at }]
  const server = (seed: number) => new Sessions(clock, new SeededRandom(seed), { before: file.read(), keep: file.keep })
  let sessions = server(1)
  let id = sessions.open(ANN)
  // Every 20 minutes it is asked by, every 40 minutes renewed, every hour another server has it: 35 times until 11:40.
  for (let third = 1; third <= 35; third += 1) {
    clock.at = third * 20 * MINUTE
    if (third % 3 === 0) sessions = server(third)
    if (third % 2 === 0) id = sessions.renew(id) ?? ''
    expect([third, sessions.find(id)?.ends]).toEqual([third, 720 * MINUTE])
  }
  clock.at = 720 * MINUTE - 1
  expect(sessions.find(id)?.ends).toBe(720 * MINUTE)
  const seen = server(99)
  clock.at = 720 * MINUTE
  expect([sessions.find(id), seen.find(id), sessions.renew(id)]).toEqual([undefined, undefined, undefined])
})

test('a stream that is watched ends with its session: after 30 minutes in which nothing was asked, and after 12 hours', () => {
  const clock = { at: 0, now: () => clock.at }
  const sessions = new Sessions(clock, new SeededRandom(), { before: [], keep: () => undefined })
  const [idle, busy] = [sessions.open(ANN), sessions.open(ANN)]
  const [one, other] = [sessions.find(idle)?.over, sessions.find(busy)?.over]
  const over: [number, boolean | undefined, boolean | undefined][] = []
  for (let minute = 1; minute <= 720; minute += 1) {
    clock.at = minute * MINUTE
    if (minute % 10 === 0) sessions.find(busy)
    // What keeps a stream open asks this; it is no use of the session.
    sessions.forgetEnded()
    if ([29, 30, 719, 720].includes(minute)) over.push([minute, one?.aborted, other?.aborted])
  }
  expect(over).toEqual([
    [29, false, false],
    [30, true, false],
    [719, true, false],
    [720, true, true],
  ])
})
