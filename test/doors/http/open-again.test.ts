import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Connection } from '../../../src/change/record/sqlite/connection.ts'
import { OutageError } from '../../../src/change/record/store/journal.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import { tamper } from '../../change/record/sqlite/open-for-test.ts'
import { ANN, asking, openLab, preparedIn, type ServerBench } from '../../lab/lab.ts'

const PAGES = ['/', '/switches', '/switches/leaf1', '/stop-all', '/executions?state=unknown', '/executions?state=open']

/** Begins an execution that is open from then on, as another process does. */
const begun = ({ app }: ServerBench) =>
  begin(app, asking(ANN), { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app, 'workflow.yaml') })

/** A server with three of them, whose pages have been asked for once. */
async function threeOpen() {
  const bench = await openLab().serve()
  for (let made = 0; made < 3; made += 1) await begun(bench)
  const ann = bench.browser(ANN)
  for (const page of PAGES) expect([page, (await ann.get(page)).status]).toEqual([page, 200])
  return { bench, ann }
}

/** How often the beginnings and ends of executions are read. */
function readings() {
  const seen = { count: 0 }
  const { all } = Connection.prototype
  const spy = vi.spyOn(Connection.prototype, 'all').mockImplementation(function (this: Connection, text, ...values) {
    if (text.includes('WHERE e.pos IN')) seen.count += 1
    return all.call(this, text, ...values)
  })
  onTestFinished(() => {
    spy.mockRestore()
  })
  return seen
}

test('a page that is asked for again reads no beginning again, and of what has touched no switch it does not ask whether that rests', async () => {
  const { bench, ann } = await threeOpen()
  const seen = readings()
  const rests = vi.spyOn(bench.front.app.store, 'suspendRequest')
  for (const page of PAGES) {
    expect((await ann.get(page)).status).toBe(200)
    expect([page, seen.count]).toEqual([page, 0])
    if (page === '/switches') expect(rests).toHaveBeenCalledTimes(0)
    rests.mockClear()
  }
})

test('what another process has begun and ended is in the next page', async () => {
  const { bench, ann } = await threeOpen()
  expect((await ann.get('/stop-all')).text).toContain('All 3 open executions')
  const { id, seq } = await begun(bench)
  expect((await ann.get('/stop-all')).text).toContain('All 4 open executions')
  expect((await ann.get('/executions?state=open')).text).toContain(id)
  await bench.app
    .journalAs(ANN)
    .append(id, [{ type: 'ExecutionEnded', outcome: 'unknown', devices: { leaf1: 'unknown' } }], seq)
  expect((await ann.get('/stop-all')).text).toContain('All 3 open executions')
  expect((await ann.get('/executions?state=open')).text).not.toContain(id)
  expect((await ann.get('/executions?state=unknown')).text).toContain(id)
  expect((await ann.get('/')).text).toContain('nobody knows what is on it')
  expect((await ann.get('/switches')).text).toContain('1 in an unknown state')
  expect((await ann.get('/switches/leaf1')).text).toContain('unknown')
  expect((await ann.get(`/api/v1/executions/${id}/view`)).json.outcome).toBe('unknown')
})

test('a beginning that somebody has altered between two requests is shown by no page', async () => {
  const { bench, ann } = await threeOpen()
  const path = join(bench.lab.dir, '.eosflow', 'store.db')
  const change = (from: string, to: string) =>
    tamper(
      path,
      `UPDATE event SET body = replace(body, '"${from}"', '"${to}"') WHERE pos IN (SELECT first FROM execution WHERE is_open)`,
    )
  change('leaf1', 'leaf9')
  for (const page of PAGES) expect([page, (await ann.get(page)).status]).toEqual([page, 503])
  change('leaf9', 'leaf1')
  for (const page of PAGES) expect([page, (await ann.get(page)).status]).toEqual([page, 200])
})

test('while the store cannot be read a server is not ready, and lives', async () => {
  const { bench } = await threeOpen()
  const probes = () => Promise.all(['/readyz', '/healthz'].map(async (path) => (await bench.ask('GET', path)).status))
  const head = vi.spyOn(bench.front.app.store, 'head').mockRejectedValue(new OutageError('away'))
  expect(await probes()).toEqual([503, 200])
  head.mockRestore()
  expect(await probes()).toEqual([200, 200])
})
