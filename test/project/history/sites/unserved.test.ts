import { expect, test } from 'vitest'
import type { WorkerRecord, Workers } from '../../../../src/change/record/store/workers.ts'
import { notificationOf, subjectOf } from '../../../../src/features/notify/notice/message/notification.ts'
import type { SharedStore } from '../../../../src/project/app/store/project-store.ts'
import { seenExecution } from '../../../../src/project/history/execution-view.ts'
import { listExecutions } from '../../../../src/project/history/executions/list-executions.ts'
import { openSites, unservedSites } from '../../../../src/project/history/sites/parts.ts'
import { listWorkers } from '../../../../src/project/worker/drain-worker.ts'
import { executionRows } from '../../../../src/report/execution/row.ts'
import { executionItem, executionTable } from '../../../../src/report/page/switches.ts'
import { workersJson, workersText } from '../../../../src/report/phrases/workers.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { appWith } from '../../../lab/application.ts'
import { ALICE, teamInMemory, workerRow } from './team-in-memory.ts'

const worker = (sites: readonly string[], more: Partial<WorkerRecord> = {}) =>
  workerRow(`worker/${sites.join('-')}`, { sites, ...more })

/** A change over both sites whose southern workers are missing: its part there has begun, and nobody has planned it. */
async function withoutSouth(rows: readonly WorkerRecord[]) {
  const team = await teamInMemory({ workers: [['north']] })
  const workers: Pick<Workers, 'own' | 'list' | 'hasDied'> = {
    own: 'client',
    list: async () => rows,
    hasDied: async () => false,
  }
  const app = appWith(team.client, { shared: { workers } as SharedStore })
  const id = await team.begin()
  await team.northWaits(id)
  const { north, south } = await team.parts(id)
  return { team, app, id, north: north?.id ?? '', south: south?.id ?? '' }
}

test('`workers` names the site that no worker serves, and the executions that wait there', async () => {
  const { app, south } = await withoutSouth([worker(['north'])])
  const listing = await listWorkers(app, ALICE)
  expect(listing.unserved).toEqual([{ site: 'south', executions: [south] }])
  expect(workersText(listing).split('\n').at(-1)).toBe(
    `! no worker serves the site south: 1 open execution waits (${south})`,
  )
  expect(workersJson(listing)).toMatchObject({ unserved: [{ site: 'south', executions: [south] }] })
  expect(await openSites(app)).toEqual(['north', 'south'])
})

const USELESS: readonly (readonly [string, object])[] = [
  ['is dead', { dead: '2026-01-05T08:00:00.000Z' }],
  ['drains', { drain: '2026-01-05T08:00:00.000Z' }],
  ['is silent for longer than its term', { age: 10_001 }],
  ['is a server, which drives nothing', { kind: 'server' }],
]

test.each(everyNthOfLong(2, 'workers that serve no site', USELESS))(
  'a worker serves no site that %s',
  async (_, more) => {
    const { app, id, team } = await withoutSouth([worker(['north']), worker(['south'], more)])
    expect(await unservedSites(app, await team.state(id))).toEqual(['south'])
  },
)

test('`show` says it of the whole and of the part there, not of the other part, nor where a worker is there', async () => {
  const { app, id, north, south } = await withoutSouth([worker(['north'])])
  const headline = async (one: string, from = app) => (await seenExecution(from, one)).view.headline
  expect(await headline(id)).toMatch(/; no worker serves the site south$/)
  expect(await headline(south)).toBe('No process runs it; no worker serves the site south')
  expect(await headline(north)).not.toContain('no worker')
  const served = { ...app, shared: { workers: { list: async () => [worker(['north', 'south'])] } as unknown } as never }
  expect(await headline(south, served)).toBe('No process runs it')
})

test('lists show of each which change it belongs to, and the whole which parts it has, with links', {
  tags: ['long', 'turn'],
}, async () => {
  const { app, id, north, south } = await withoutSouth([])
  const { rows } = await listExecutions(app, ALICE, { target: undefined, states: [], touched: false, most: 9 })
  const lines = executionRows(rows, 120)
  const below = (one: string) => lines[lines.findIndex((line) => line.startsWith(one)) + 1]?.trim() ?? ''
  expect([below(north), below(south)]).toEqual([`the site north of ${id}`, `the site south of ${id}`])
  expect(below(id)).toBe(`north: ${north}, south: ${south}`)
  const html = `${executionTable(
    rows.map((row) => executionItem(row, ALICE.principal)),
    app.clock.now(),
  )}`
  expect(html).toContain(`the site south of <a class="mono" href="/executions/${id}">`)
  expect(html).toContain(`south: <a class="mono" href="/executions/${south}">`)
  const { sites } = (await seenExecution(app, id)).view
  expect(sites?.parts.map(({ id: part, hasEnded }) => [part, hasEnded])).toEqual([
    [north, false],
    [south, false],
  ])
})

test('a message is sent of the whole, once; what is only told of a part names its site and the whole', {
  tags: ['long', 'turn'],
}, async () => {
  const { team, id, north } = await withoutSouth([])
  const told = async (one: string) => {
    const events = await team.records(one)
    const [first] = events
    if (first?.type !== 'ExecutionStarted') throw new Error('no beginning')
    return {
      subject: subjectOf(first),
      sent: events.flatMap((event) => notificationOf(event, subjectOf(first))?.what ?? []),
    }
  }
  expect((await told(id)).sent).toEqual(['execution.started'])
  const part = await told(north)
  expect([part.sent, part.subject.title]).toEqual([[], 'add-a-vlan, site north'])
  const notice = notificationOf(
    {
      ...(await team.records(north))[0],
      type: 'NoticeOpened',
      notice: 'timer-near-end',
      severity: 'warn',
      cause: `timer-near-end ${north}`,
      reason: 'leaf1 not verified',
      concerns: north,
    } as never,
    part.subject,
  )
  expect(notice?.facts).toContainEqual(['part of', id])
})
