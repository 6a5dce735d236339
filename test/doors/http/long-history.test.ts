import { expect, test, vi } from 'vitest'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import type { AgentFront } from '../../../src/doors/http/agent/agent-front.ts'
import { executionsSeen, switchSeen } from '../../../src/doors/http/agent/execution-answers.ts'
import type { IdentifiedCaller } from '../../../src/doors/http/context/identified-caller.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { openLab, type ServerBench, workflowFor } from '../../lab/lab.ts'

const corp = (id: string): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups: [],
  authenticatedAt: '2026-01-05T07:58:00Z',
})
/** Who may read everything, who may read the oldest execution alone, and who may read nothing. */
const [ANN, TEAM, DAVE] = [corp('ann'), corp('team'), corp('dave')]
const POLICY = `version: 1
roles: { all: { members: ["corp:sub:ann"] }, team: { members: ["corp:sub:team"] } }
rules:
  - { id: everything, allow: [audit.read, execution.read, plan.create, plan.read, workflow.list, task.snapshot, task.plan], to: [all] }
  - { id: own, allow: [execution.read], to: [team], on: { workflows: ["workflows/old.yaml"] } }
`

/** So many executions are on record, of which each answer may look at a thousand. */
const MANY = 1_150
const MOST_LOOKED = 1_000
/** What is looked at beyond that by the last page of the store. */
const PAGE = 100
/** So many records one answer may read. */
const MOST_RECORDS = 5_000

/** A store with a long history. The oldest execution alone failed, was begun by somebody else, by another workflow, and for leaf2 and one that has left the inventory. */
async function longHistory({
  many = MANY,
  records = 1,
} = {}): Promise<{ readonly bench: ServerBench; readonly oldest: string }> {
  const bench = await openLab({ policy: POLICY, files: { 'workflows/old.yaml': workflowFor('leaf2') } }).serve({
    tokens: { ann: ANN, team: TEAM, dave: DAVE },
  })
  const { app } = bench
  const ann = bench.browser(ANN)
  const begun = await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })
  const id = String(begun.json.execution)
  await ann.ends(id)
  const events = await app.store.read(id)
  const [first, last] = [bodyOf(events[0]), bodyOf(events.at(-1))]
  const journal = app.journalAs(ANN)
  const oldest = '20260105-070000-00000000'
  const old = { workflow: 'old', file: 'workflows/old.yaml', targets: ['leaf2', 'gone1'], requester: corp('bob') }
  await journal.append(oldest, [
    { ...first, ...old } as EventBody,
    { ...last, outcome: 'failed', devices: { leaf2: 'untouched' } } as EventBody,
  ])
  // The clocks of machines differ: what is more than an hour apart is in this order.
  await bench.lab.clock.advance(3 * 3_600_000)
  for (let from = 1; from < many; from += 50) {
    const some = Array.from({ length: Math.min(50, many - from) }, (_, place) => from + place)
    await Promise.all(
      some.map((index) => journal.append(`20260105-070001-${index.toString(16).padStart(8, '0')}`, [first, last])),
    )
  }
  await journal.append(
    '20200101-000000-0000000f',
    Array.from({ length: records }, () => ({ type: 'StopRequested' as const, stopped: 'x', reason: '' })),
  )
  return { bench, oldest }
}

function bodyOf(event: JournalEvent | undefined): EventBody {
  const { v: _v, seq: _seq, at: _at, actor: _actor, execution: _execution, ...body } = event ?? {}
  return body as EventBody
}

/** What an answer has cost: how many executions the store was asked for, and how many records were read. */
async function cost<T>(
  { front }: ServerBench,
  asked: () => Promise<T>,
): Promise<{ readonly told: T; readonly looked: number; readonly records: number }> {
  const { store, audit = raise() } = front.app
  const [listed, read] = [vi.spyOn(store, 'executions'), vi.spyOn(audit, 'records')]
  const sum = async (results: readonly { readonly value: unknown }[]) =>
    (await Promise.all(results.map(({ value }) => value as Promise<readonly unknown[]>))).reduce(
      (total, found) => total + found.length,
      0,
    )
  try {
    const told = await asked()
    return { told, looked: await sum(listed.mock.results), records: await sum(read.mock.results) }
  } finally {
    listed.mockRestore()
    read.mockRestore()
  }
}

const FILTERS = [
  'state=failed',
  'state=succeeded&by=nobody',
  'workflow=old',
  'switch=leaf2',
  'switch=leaf2 or leaf2',
  'switch=gone1',
  'switch=never-was',
  'by=bob',
  'state=rolled-back&switch=leaf2',
]

test('[B9] looks at a thousand executions, whatever of them is asked for and whoever asks, says how far it has looked, and goes on to the end', {
  tags: 'long',
}, async () => {
  const given = await longHistory()
  await searchedBack(given)
  await ofOneSwitch(given)
  await ofSome(given)
})

type History = Awaited<ReturnType<typeof longHistory>>

/** Each filter, by the page and by the API. */
async function searchedBack({ bench, oldest }: History) {
  const ann = bench.browser(ANN)
  const found: Record<string, unknown> = {}
  for (const filter of FILTERS) {
    const { told, looked } = await cost(bench, () => ann.get(`/api/v1/executions?${filter}`))
    const page = await cost(bench, () => ann.get(`/executions?${filter}`))
    found[filter] = [
      told.status,
      (told.json.executions as readonly object[]).length,
      looked,
      page.looked,
      typeof told.json.next,
    ]
    // What no inventory and no execution that was looked at has is searched for by its name, and then as an execution about it.
    const most = filter.startsWith('switch=gone1') || filter.startsWith('switch=never') ? 2 * MOST_LOOKED : MOST_LOOKED
    expect([filter, looked <= most + PAGE, page.looked <= most + PAGE]).toEqual([filter, true, true])
    expect([filter, /Searched back to <time/.test(page.told.text)]).toEqual([filter, true])
    expect(page.told.text).toMatch(/<a class="btn sm" rel="next" href="\/executions\?[^"]*after=[^"]+">Search on<\/a>/)
  }
  expect(Object.keys(found)).toHaveLength(FILTERS.length)
  for (const filter of FILTERS) {
    const given: string[] = []
    const answers: string[] = []
    let path = `/api/v1/executions?${filter}`
    for (;;) {
      const { status, json, headers } = await ann.get(path)
      expect([filter, status]).toEqual([filter, 200])
      given.push(...(json.executions as readonly { id: string }[]).map(({ id }) => id))
      answers.push(String(json.searchedTo))
      const [, next] = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '') ?? []
      expect([filter, next === undefined]).toEqual([filter, json.next === undefined])
      if (next === undefined) break
      path = next
    }
    const isThere = !/nobody|never-was|rolled-back/.test(filter)
    expect([filter, given, answers.length, answers.at(-1)]).toEqual([filter, isThere ? [oldest] : [], 2, 'undefined'])
  }
}

test('a switch that is neither in the inventory nor on record is refused once all was looked at', {
  tags: ['long', 'turn'],
}, async () => {
  const small = await openLab().serve({ tokens: { ann: ANN } })
  expect((await small.ask('GET', '/api/v1/executions?switch=never-was', { token: 'ann' })).status).toBe(422)
})

/** The page of a switch, and what programs and agents are told of it. */
async function ofOneSwitch({ bench, oldest }: History) {
  const ann = bench.browser(ANN)
  // How executions have left switches is read once, and kept.
  await ann.get('/switches')
  const { told, looked } = await cost(bench, () => ann.get('/switches/leaf2'))
  expect(looked).toBeLessThanOrEqual(MOST_LOOKED + PAGE)
  expect(told.text).toContain('Searched back to')
  expect(told.text).not.toContain('has not changed it yet')
  const [, on = ''] = /rel="next" href="([^"]+)">Search on/.exec(told.text) ?? []
  // The oldest one has sent nothing: a list of changes passes over it.
  const rest = on.replaceAll('&amp;', '&')
  expect((await ann.get(rest)).text).not.toContain(oldest)
  expect((await ann.get(`${rest}&state=failed`)).text).toContain(oldest)
  const json = await cost(bench, () => ann.get('/api/v1/switches/leaf2'))
  expect([json.told.json.executions, typeof json.told.json.searchedTo]).toEqual([[], 'string'])
  const front = bench.front as unknown as AgentFront
  const known = { principal: ANN } as IdentifiedCaller
  const agent = await cost(bench, () => switchSeen(front, known, { name: 'leaf2' }))
  const list = await cost(bench, () => executionsSeen(front, known, { switch: 'leaf2', limit: 20 }))
  expect([list.told.executions, typeof list.told.searchedTo, typeof list.told.next]).toEqual([[], 'string', 'string'])
  for (const one of [json, agent, list]) expect(one.looked).toBeLessThanOrEqual(MOST_LOOKED + PAGE)
}

/** Whoever may read the oldest alone gets there, and whoever may read none is denied without a search of all. */
async function ofSome({ bench, oldest }: History) {
  const team = await cost(bench, () => bench.ask('GET', '/api/v1/executions', { token: 'team' }))
  expect([team.told.status, team.told.json.executions, typeof team.told.json.next]).toEqual([200, [], 'string'])
  const second = await bench.ask('GET', `/api/v1/executions?after=${String(team.told.json.next)}`, { token: 'team' })
  expect((second.json.executions as readonly { id: string }[]).map(({ id }) => id)).toEqual([oldest])
  for (const path of [
    '/api/v1/executions',
    '/api/v1/executions?state=open',
    '/executions',
    '/',
    '/api/v1/executions?state=failed',
  ]) {
    const dave = await cost(bench, () => bench.ask('GET', path, { token: 'dave' }))
    expect([path, dave.told.status, dave.looked <= MOST_LOOKED + 2 * PAGE]).toEqual([path, 403, true])
  }
  const overview = await cost(bench, () => bench.ask('GET', '/', { token: 'team' }))
  expect(overview.told.status).toBe(200)
}

test('[B9] reads five thousand records for a page of them, and says how far it has read and how to go on', {
  tags: 'long',
}, async () => {
  const { bench, oldest } = await longHistory({ many: 3, records: 12_000 })
  const ann = bench.browser(ANN)
  for (const filter of ['actor=nobody', 'code=EF999', 'device=never-was', 'execution=2', 'kind=acts&actor=nobody']) {
    let after: unknown
    const answers: unknown[] = []
    do {
      const word = after === undefined ? '' : `&after=${String(after)}`
      const { told, records } = await cost(bench, () => ann.get(`/api/v1/audit/records?limit=200&${filter}${word}`))
      expect([filter, records <= MOST_RECORDS]).toEqual([filter, true])
      const { json } = told
      answers.push([(json.records as readonly object[]).length > 0, typeof json.searchedTo])
      after = json.next
    } while (after !== undefined && answers.length < 5)
    if (filter === 'execution=2') continue
    expect([filter, answers]).toEqual([
      filter,
      [
        [false, 'string'],
        [false, 'string'],
        [false, 'undefined'],
      ],
    ])
  }
  const page = await cost(bench, () => ann.get('/record?kind=all&actor=nobody'))
  expect(page.records).toBeLessThanOrEqual(MOST_RECORDS)
  expect(page.told.text).toContain('Searched back to')
  expect(page.told.text).not.toContain('No record has all of this')
  expect(page.told.text).toMatch(/<a class="btn sm" rel="next" href="\/record\?[^"]*after=[^"]+">Search on<\/a>/)
  const { told, records } = await cost(bench, () => ann.get(`/api/v1/audit/records?execution=${oldest}`))
  const types = (told.json.records as readonly { type: string }[]).map(({ type }) => type)
  expect(types).toEqual(['ExecutionEnded', 'ExecutionStarted'])
  expect(records).toBeLessThanOrEqual(MOST_RECORDS)
})

function raise(): never {
  throw new Error('the store keeps no record')
}
