import { expect, test, vi } from 'vitest'
import type { Route } from '../../../src/doors/http/context/route.ts'
import { Allowance, type RequestEffect } from '../../../src/doors/http/limits/allowance.ts'
import { RequestRefusal } from '../../../src/doors/http/request/readable.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { ANN, openLab } from '../../lab/lab.ts'

const BOT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
const OTHER: Principal = { ...BOT, id: 'other' }
const READ = { method: 'GET', path: '/api/v1/executions', action: 'execution.read' } as const
const PLAN = { method: 'POST', path: '/api/v1/plans', action: 'plan.create' } as const
const START = { method: 'POST', path: '/api/v1/executions', action: 'execution.start' } as const

/** An agent before a clock, and when it has begun something by the record. */
function allowed() {
  const clock = new VirtualClock()
  const onRecord: number[] = []
  const own = (who: Principal, since: number) => (who.id === BOT.id ? onRecord.filter((at) => at > since) : [])
  const allowance = new Allowance(clock, async (who, since) => own(who, since))
  const begin = async (who: Principal, what: RequestEffect) => {
    try {
      const work = async () => {
        if (what === 'on record' && who.id === BOT.id) onRecord.push(clock.now())
        return what
      }
      return await allowance.begin(who, work, (begun) => begun)
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error
      return `${error.fault.kind} ${error.headers['retry-after']}`
    }
  }
  return { clock, allowance, onRecord, begin }
}

/** How many requests are taken before one is not, at most so many. */
function taken(allowance: Allowance, who: Principal, route: Pick<Route, 'method' | 'path' | 'action'>, most = 5_000) {
  for (let count = 0; count < most; count += 1) {
    try {
      allowance.require(who, route)
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error
      return { count, kind: error.fault.kind, after: error.headers['retry-after'] }
    }
  }
  return { count: most }
}

test('an agent asks 200 times a minute, for itself; nobody else is counted', async () => {
  const { clock, allowance } = allowed()
  expect(taken(allowance, BOT, READ, 150)).toEqual({ count: 150 })
  expect(taken(allowance, BOT, PLAN, 40)).toEqual({ count: 40 })
  expect(taken(allowance, BOT, START)).toEqual({ count: 10, kind: 'too-many', after: '60' })
  expect(taken(allowance, OTHER, READ, 10)).toEqual({ count: 10 })
  expect(taken(allowance, ANN, READ)).toEqual({ count: 5_000 })
  expect(taken(allowance, { ...BOT, kind: 'service' }, PLAN)).toEqual({ count: 5_000 })
  await clock.advance(30_500)
  expect(taken(allowance, BOT, READ)).toEqual({ count: 0, kind: 'too-many', after: '30' })
  await clock.advance(29_500)
  expect(taken(allowance, BOT, READ)).toEqual({ count: 200, kind: 'too-many', after: '60' })
})

test('[E7] an agent begins 20 plans, changes and rehearsals an hour: what is refused, or was begun before, counts for nothing', async () => {
  const { clock, allowance, begin } = allowed()
  const refused = () =>
    allowance.begin(
      BOT,
      async () => {
        throw new Error('there is no such workflow')
      },
      () => 'on record',
    )
  for (let count = 0; count < 30; count += 1) await expect(refused()).rejects.toThrow('there is no such workflow')
  for (let count = 0; count < 30; count += 1) expect(await begin(BOT, 'nothing')).toBe('nothing')
  for (let count = 0; count < 12; count += 1) expect(await begin(BOT, 'on record')).toBe('on record')
  await clock.advance(600_000)
  for (let count = 0; count < 8; count += 1) expect(await begin(BOT, 'beside')).toBe('beside')
  expect(await begin(BOT, 'on record')).toBe('too-many 3000')
  expect(await begin(BOT, 'beside')).toBe('too-many 3000')
  expect(await begin(OTHER, 'beside')).toBe('beside')
  expect(await begin(ANN, 'beside')).toBe('beside')
  await clock.advance(3_000_000)
  expect(await begin(BOT, 'on record')).toBe('on record')
})

test('[E8] what an agent begins counts from the record: a process that starts again has the same', async () => {
  const { clock, onRecord, begin } = allowed()
  for (let count = 0; count < 20; count += 1) expect(await begin(BOT, 'on record')).toBe('on record')
  const again = new Allowance(clock, async () => onRecord)
  await expect(
    again.begin(
      BOT,
      async () => 0,
      () => 'on record',
    ),
  ).rejects.toThrow('more than 20 plans')
})

test('of many that are begun in one moment no more than 20 are', async () => {
  const { begin } = allowed()
  const made = await Promise.all(Array.from({ length: 50 }, () => begin(BOT, 'on record')))
  expect(made.filter((one) => one === 'on record')).toHaveLength(20)
})

test('one request too many is 429 with the time to wait, whatever was asked', async () => {
  const bench = await openLab().serve({ tokens: { bot: BOT } })
  for (let count = 0; count < 200; count += 1) await bench.ask('GET', '/api/v1/me', { token: 'bot' })
  const { status, headers, json } = await bench.ask('GET', '/api/v1/me', { token: 'bot' })
  expect([status, json.kind, headers.get('retry-after')]).toEqual([429, 'too-many', '60'])
  expect(bench.failures).toEqual([])
})

test('[G24] strangers begin 120 logins a minute and end 240: beyond that the engine is not asked, and no record is written', {
  tags: 'long',
}, async () => {
  const bench = await openLab().serve()
  const asked = vi.spyOn(bench.room, 'ask')
  const before = (await bench.app.store.head()).seq
  const cookie = `__Host-eosflow-login=${'a'.repeat(64)}`
  const statuses = async (path: string, most: number) => {
    const found = new Map<number, number>()
    for (let count = 0; count < most; count += 1) {
      const { status } = await bench.ask('GET', path, { headers: { cookie } })
      found.set(status, (found.get(status) ?? 0) + 1)
    }
    return Object.fromEntries(found)
  }
  // No provider is in the settings, so that each that is asked for is refused there.
  expect(await statuses('/login/at/corp', 150)).toEqual({ 403: 120, 429: 30 })
  expect(await statuses('/login/callback?code=x&state=y', 300)).toEqual({ 409: 240, 429: 60 })
  expect([asked.mock.calls.length, (await bench.app.store.head()).seq]).toEqual([360, before])
  const { headers } = await bench.ask('GET', '/login/at/corp')
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
  await bench.lab.clock.advance(60_000)
  expect((await bench.ask('GET', '/login/at/corp')).status).toBe(403)
  expect(bench.failures).toEqual([])
})

test('[E7] twenty requests with a workflow that is not there lock no agent out, by the tools and by the API', {
  tags: 'long',
}, async () => {
  const bench = await openLab().serve({ tokens: { bot: { ...BOT } } })
  for (let count = 0; count < 25; count += 1) {
    const { status } = await bench.ask('POST', '/api/v1/plans', { token: 'bot', body: { workflow: 'mistyped.yaml' } })
    expect([count, status]).toEqual([count, 422])
  }
  const key = { 'idempotency-key': 'one' }
  const plan = () =>
    bench.ask('POST', '/api/v1/plans', { token: 'bot', headers: key, body: { workflow: 'workflow.yaml' } })
  expect((await plan()).status).toBe(202)
  for (let count = 0; count < 25; count += 1) expect((await plan()).json.known).toBe(true)
})
