import { expect, test, vi } from 'vitest'
import type { Principal } from '../../src/model/principal.ts'
import { Allowance } from '../../src/server/allowance.ts'
import { Refusal } from '../../src/server/fault.ts'
import type { Route } from '../../src/server/route.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { startServer } from './bench.ts'

const BOT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
const OTHER: Principal = { ...BOT, id: 'other' }
const ANN: Principal = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' }
const READ = { method: 'GET', path: '/api/v1/executions', action: 'execution.read' } as const
const PLAN = { method: 'POST', path: '/api/v1/plans', action: 'plan.create' } as const
const START = { method: 'POST', path: '/api/v1/executions', action: 'execution.start' } as const

/** How many requests of one kind are taken before one is not, at most so many. */
function taken(allowance: Allowance, who: Principal, route: Pick<Route, 'method' | 'path' | 'action'>, most = 5_000) {
  for (let count = 0; count < most; count += 1) {
    try {
      allowance.require(who, route)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { count, kind: error.fault.kind, after: error.headers['retry-after'] }
    }
  }
  return { count: most }
}

test('an agent reads 200 times a minute and plans 20 times an hour, each for itself; nobody else is counted', async () => {
  const clock = new VirtualClock()
  const allowance = new Allowance(clock)
  expect(taken(allowance, BOT, READ)).toEqual({ count: 200, kind: 'too-many', after: '60' })
  expect(taken(allowance, OTHER, READ, 10)).toEqual({ count: 10 })
  expect(taken(allowance, BOT, PLAN, 15)).toEqual({ count: 15 })
  expect(taken(allowance, BOT, START)).toEqual({ count: 5, kind: 'too-many', after: '3600' })
  expect(taken(allowance, ANN, READ)).toEqual({ count: 5_000 })
  expect(taken(allowance, { ...BOT, kind: 'service' }, PLAN)).toEqual({ count: 5_000 })
  await clock.advance(30_500)
  expect(taken(allowance, BOT, READ)).toEqual({ count: 0, kind: 'too-many', after: '30' })
  await clock.advance(29_500)
  expect(taken(allowance, BOT, READ)).toEqual({ count: 200, kind: 'too-many', after: '60' })
  expect(taken(allowance, BOT, PLAN)).toEqual({ count: 0, kind: 'too-many', after: '3540' })
  await clock.advance(3_540_000)
  expect(taken(allowance, BOT, PLAN)).toEqual({ count: 20, kind: 'too-many', after: '3600' })
})

test('one request too many is 429 with the time to wait, whatever was asked', async () => {
  const bench = await startServer({ bot: BOT })
  for (let count = 0; count < 200; count += 1) await bench.ask('GET', '/api/v1/me', { token: 'bot' })
  const { status, headers, json } = await bench.ask('GET', '/api/v1/me', { token: 'bot' })
  expect([status, json.kind, headers.get('retry-after')]).toEqual([429, 'too-many', '60'])
  expect(bench.failures).toEqual([])
})

test('strangers begin 120 logins a minute and end 240: beyond that the engine is not asked, and no record is written', {
  tags: 'long',
}, async () => {
  const bench = await startServer()
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
