import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/change/record/postgres/open-postgres-store.ts'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import { ApprovalRequests } from '../../../src/doors/http/jobs/approval-requests.ts'
import { OneTimeLink } from '../../../src/doors/http/session/one-time-link.ts'
import { SentBrowsers } from '../../../src/doors/http/session/sent-browsers.ts'
import { digestOf, Sessions } from '../../../src/doors/http/session/sessions.ts'
import { decidedEvents } from '../../../src/features/hook/hook-keys.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { type OpenChallenge, openChallenges } from '../../../src/project/approval/challenge.ts'
import { spentIn } from '../../../src/project/identity/login-ports.ts'
import { systemClock, systemRandom } from '../../../src/project/system/machine/system-clock.ts'
import { KEY } from '../../change/record/sqlite/open-for-test.ts'
import { freshDatabase, serverForTests } from '../../postgres/store-for-test.ts'

const servers = serverForTests()

const ANN: Principal = { issuer: 'corp', id: 'ann', kind: 'person', auth: 'oidc' }
const BEN: Principal = { issuer: 'corp', id: 'ben', kind: 'person', auth: 'oidc' }
const AGENT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }

/** The notes of one store as two servers have them. */
async function two() {
  const address = await freshDatabase(servers.server)
  const open = () => openPostgresStore({ address, installKey: KEY, clock: systemClock })
  const [one, other] = [await open(), await open()]
  onTestFinished(async () => {
    for (const { store } of [one, other]) await store.close()
  })
  return { address, one: one.notes, other: other.notes }
}

const sessionsOf = (notes: Notes, isKnown = (_: Principal) => true) =>
  new Sessions({ notes, random: systemRandom, clock: systemClock, isKnown })

/** How many of these were taken, of which others are refused as `stale`. */
async function takenOf(tries: readonly Promise<unknown>[]) {
  const ends = await Promise.allSettled(tries)
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ kind: 'stale' })
  return ends.filter(({ status }) => status === 'fulfilled').length
}

describe('sessions that all servers know', () => {
  test('one ends by the clock of the database: 30 minutes in which nothing is asked, and its own end whatever is asked', async () => {
    const { one, other } = await two()
    const [here, there] = [sessionsOf(one), sessionsOf(other)]
    const id = await here.open(ANN)
    const left = async () => Math.round(((await one.read('session', digestOf(id)))?.left ?? 0) / 60_000)
    const leave = (minutes: number) => one.extend('session', digestOf(id), minutes * 60_000)
    expect(await left()).toBe(30)
    await leave(10)
    expect([await left(), (await there.find(id))?.principal, await left()]).toEqual([10, ANN, 30])
    await leave(0)
    expect([await here.find(id), await there.find(id)]).toEqual([undefined, undefined])
    const old = 'a'.repeat(64)
    const kept = { version: 1, digest: digestOf(old), principal: ANN, ends: (await one.now()) - 1 }
    await one.put('session', digestOf(old), JSON.stringify(kept), { lasts: 60_000 })
    expect(await there.find(old)).toBeUndefined()
  })

  test('a login that ends at its provider ends its sessions at all servers, and their streams; others go on', async () => {
    const { one, other } = await two()
    const [here, there] = [sessionsOf(one), sessionsOf(other, ({ id }) => id !== 'carl')]
    const stop = new AbortController()
    onTestFinished(() => stop.abort())
    for (const sessions of [here, there]) sessions.follow(stop.signal).catch(() => undefined)
    const [a, b, c] = [
      await here.open(ANN, undefined, 's1'),
      await there.open(ANN, undefined, 's2'),
      await there.open(BEN),
    ]
    const carl = await here.open({ ...ANN, id: 'carl' })
    expect(await there.find(carl)).toBeUndefined()
    const over = [(await there.find(a))?.over, (await here.find(b))?.over, (await here.find(c))?.over]
    expect(await here.endAt({ issuers: ['corp'], sid: 's1' })).toEqual([ANN])
    expect([await there.find(a), (await there.find(b))?.principal]).toEqual([undefined, ANN])
    expect(await there.endAt({ issuers: ['corp'], sub: 'ann' })).toEqual([ANN])
    expect([await here.find(b), (await here.find(c))?.principal]).toEqual([undefined, BEN])
    await systemClock.sleep(1_500)
    expect(over.map((signal) => signal?.aborted)).toEqual([true, true, false])
  })
})

describe('what is used once among all servers', () => {
  test('a link, the way back from a provider and a decision that waits for its proof: of two at once one has it, 20 times', async () => {
    const { one, other } = await two()
    let rounds = 0
    for (; rounds < 20; rounds += 1) {
      const shown: string[] = []
      const links = [one, other].map(
        (notes) => new OneTimeLink(notes, systemClock, systemRandom, (path) => shown.push(path)),
      )
      expect(await links[0]?.renew()).toBe(true)
      const secret = shown[0]?.slice('/login?link='.length) ?? ''
      expect((await Promise.all(links.map((link) => link.take(secret)))).toSorted()).toEqual([false, true])

      const browsers = [one, other].map((notes) => new SentBrowsers(notes, systemRandom))
      const login = { issuer: 'corp', since: 1, redirectUri: 'https://e', state: 's', nonce: 'n', verifier: 'v' }
      const id = (await browsers[0]?.send({ login })) ?? ''
      expect(await takenOf(browsers.map((one) => one.back(id)))).toBe(1)

      const challenges = [openChallenges(one), openChallenges(other)]
      const asker = { principal: ANN, session: 'mark' }
      const statement = { nonce: `nonce ${rounds}` } as OpenChallenge['statement']
      const opened = await challenges[0]?.open({ statement, execution: 'x', proof: 'oidc', asker })
      const named = opened?.id ?? ''
      // Of somebody else, and in another session: it stays.
      for (const strange of [
        { ...asker, principal: BEN },
        { ...asker, session: 'other' },
      ])
        expect(await takenOf([Promise.resolve(challenges[1]?.take(named, strange))])).toBe(0)
      expect(await takenOf(challenges.map(async (all) => all.take(named, asker)))).toBe(1)
    }
    expect(rounds).toBe(20)
  })

  test('a token of a job, an event and the request of an agent', async () => {
    const { one, other } = await two()
    const spends = [one, other].map((notes) => spentIn(notes, 'spent begun'))
    const spent = spends.map((spend) => spend('jti|a', 60_000))
    expect((await Promise.all(spent)).toSorted()).toEqual([false, true])
    const [here, there] = [decidedEvents(one), decidedEvents(other)]
    expect(await there.has('hook:a:1')).toBe(false)
    await here.add('hook:a:1')
    expect([await there.has('hook:a:1'), await there.has('hook:a:2')]).toEqual([true, false])
    const requests = [new ApprovalRequests(one), new ApprovalRequests(other)]
    let records = 0
    const ask = (at: number, plan: string) =>
      requests[at]?.ask(AGENT, plan, { approvals: async () => [] }, async () => {
        records += 1
      })
    const ends = await Promise.all([ask(0, 'p1'), ask(1, 'p1')])
    expect(records).toBe(1)
    expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? Infinity))).toBeLessThan(5_000)
    await ask(1, 'p2')
    await ask(0, 'p3')
    await expect(ask(1, 'p4')).rejects.toMatchObject({ fault: { kind: 'too-many' } })
    expect(records).toBe(3)
  })
})
