import { expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { ANN, openLab } from '../../lab/lab.ts'

const corp = (id: string): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups: [],
  authenticatedAt: '2026-01-05T07:58:00Z',
})
const DAY = 86_400_000
const MINUTES = 600_000
/** More records than are read at once, in each of the days. */
const A_DAY = 600

test('[B3] the record is searched by time: a range of days has its records alone, also over pages of the store and over pages of an answer', {
  tags: 'long',
}, async () => {
  const bench = await openLab().serve()
  const journal = bench.app.store.as(ANN)
  const days: string[] = []
  const written = (count: number) =>
    journal.append(
      `20200101-000000-0000000${days.length}`,
      Array.from({ length: count }, () => ({ type: 'StopRequested' as const, stopped: 'x', reason: '' })),
    )
  const { clock } = bench.lab
  for (let day = 0; day < 3; day += 1) {
    days.push(new Date(clock.now()).toISOString().slice(0, 10))
    await written(A_DAY)
    // Some on either side of midnight, where the search by steps alone is not exact.
    await clock.advance(DAY - (clock.now() % DAY) - MINUTES)
    await written(5)
    await clock.advance(2 * MINUTES)
    await written(5)
    await clock.advance(8 * 3_600_000)
  }
  const ann = bench.browser(ANN)
  const listed = async (query: string) => {
    const all: { readonly at: string }[] = []
    for (let after: unknown; ; ) {
      const { json } = await ann.get(
        `/api/v1/audit/records?limit=200&${query}${after === undefined ? '' : `&after=${String(after)}`}`,
      )
      all.push(...(json.records as typeof all))
      after = json.next
      if (after === undefined || after === null) return all
    }
  }
  const [first = '', second = '', third = ''] = days
  const midnight = (day: string) => `${day}T00:00:00Z`
  const between = await listed(`since=${midnight(second)}&until=${midnight(third)}`)
  expect([between.length, new Set(between.map(({ at }) => at.slice(0, 10)))]).toEqual([610, new Set([second])])
  const before = await listed(`until=${midnight(second)}`)
  expect(before.length).toBeGreaterThanOrEqual(605)
  expect(new Set(before.map(({ at }) => at.slice(0, 10)))).toEqual(new Set([first]))
  expect((await listed(`since=${midnight(third)}`)).length).toBe(615)
  expect((await listed('since=2031-01-01T00:00:00Z')).length).toBe(0)
  expect((await listed('until=2001-01-01T00:00:00Z')).length).toBe(0)
  const page = (await ann.get(`/record?kind=all&since=${second}&until=${second}`)).text
  expect(page).toContain(`datetime="${second}`)
  expect(page).not.toContain(`datetime="${first}`)
  expect(page).not.toContain(`datetime="${third}`)
})

const POLICY = `version: 1
roles: { operator: { members: ["corp:sub:alice"] }, senior: { members: ["corp:sub:bob", "corp:group:oncall"] } }
rules:
  - { id: read, allow: [audit.read, execution.read], to: [operator] }
  - { id: seniors-approve, allow: [plan.approve], to: [senior] }
`

test('[B3] a plan leads to who could approve it: each rule about that act with its members, for whoever may read the record alone', async () => {
  const bench = await openLab({ policy: POLICY }).serve({ tokens: { alice: corp('alice'), bob: corp('bob') } })
  const page = async (token: string) => (await bench.ask('GET', '/policy?action=plan.approve', { token })).text
  const seen = await page('alice')
  expect(seen).toContain('Who may plan.approve')
  expect(seen).toMatch(
    /<th scope="row" class="mono">seniors-approve<\/th>.*<b>senior<\/b>.*corp:sub:bob, corp:group:oncall/,
  )
  expect(seen).not.toContain('<b>operator</b>')
  expect(await page('bob')).not.toContain('corp:group:oncall')
})

test('[B3] of a digest that is in no store it is said that a plan made offline is in its file alone', async () => {
  const ann = await openLab().http('local')
  const hint = 'A plan that was made offline is in its file alone: read it with `eosflow show FILE`.'
  const digest = `sha256:${'a'.repeat(64)}`
  const told = await ann.get(`/api/v1/plans/${digest}`)
  expect([told.status, told.json]).toMatchObject([404, { hint }])
  const page = await ann.get(`/plans/${digest}`)
  expect(page.status).toBe(404)
  expect(page.text).toContain('A plan that was made offline is in its file alone')
  expect((await ann.get('/api/v1/executions/20200101-000000-00000000')).text).not.toContain('offline')
})
