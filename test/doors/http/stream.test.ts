import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { byPlace } from '../../../src/change/record/event/cursor.ts'
import { WatchedExecution } from '../../../src/doors/http/jobs/watched-execution.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { ANN, type LabOptions, openLab, workflowFor } from '../../lab/lab.ts'
import { ORIGIN, type ServeOptions, type ServerBench, until } from '../../lab/server.ts'

interface Event {
  readonly event: string
  readonly id?: string
  readonly data: Record<string, unknown>
}

/** A stream that is read as it comes. */
interface Reading {
  readonly status: number
  readonly events: Event[]
  readonly text: () => string
  readonly isOver: () => boolean
  close(): Promise<void>
}

async function read(bench: ServerBench, path: string, asked: Parameters<ServerBench['open']>[2]) {
  const response = await bench.open('GET', path, asked)
  const events: Event[] = []
  let text = ''
  let rest = ''
  let isOver = false
  const reader = response.body?.getReader()
  const pump = async () => {
    for (;;) {
      const got = await reader?.read()
      if (got === undefined || got.done) break
      const piece = new TextDecoder().decode(got.value)
      text += piece
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        if (fields.event !== undefined)
          events.push({ ...(fields as { event: string; id?: string }), data: JSON.parse(fields.data ?? '{}') })
      }
    }
    isOver = true
  }
  pump().catch(() => undefined)
  onTestFinished(() => reader?.cancel())
  return {
    status: response.status,
    events,
    text: () => text,
    isOver: () => isOver,
    close: async () => reader?.cancel(),
  }
}

/** A server whose front follows the record. */
async function liveServer(
  tokens: Readonly<Record<string, Principal>> = {},
  lab: LabOptions = {},
  options: ServeOptions = {},
) {
  const bench = await openLab(lab).serve({ tokens, ...options })
  bench.front.live.follow(bench.front.ending).catch(() => undefined)
  return bench
}

const of = ({ events }: Reading, name: string) => events.filter(({ event }) => event === name)

test('a watcher sees the view first, then every record once, and comes back where it was', async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const path = `/api/v1/stream?topics=execution:${id},overview`
  await ann.waits(id)
  const first = await read(bench, path, { session: ann.id })
  expect(first.status).toBe(200)
  await until(bench, async () => of(first, 'view').length > 0)
  expect(first.text().startsWith('retry: 2000\n\n')).toBe(true)
  expect(first.events[0]).toMatchObject({ event: 'view', data: { id, kind: 'execution-view' } })
  const { records } = first.events[0]?.data ?? {}
  const since = Number((records as { readonly last: number } | undefined)?.last)
  // Another process writes: its records come too.
  await bench.lab.ok(`stop ${id} --reason enough`)
  const seqs = (await bench.app.store.read(id)).map(({ seq }) => seq)
  await until(bench, async () => of(first, 'record').at(-1)?.data.seq === seqs.at(-1))
  const seen = of(first, 'record')
  expect(seen.map(({ data }) => data.seq)).toEqual(seqs.filter((seq) => seq > since))
  expect(seen.length).toBeGreaterThan(2)
  expect(of(first, 'overview').length).toBeGreaterThan(1)
  await first.close()

  const second = await read(bench, path, { session: ann.id, headers: { 'last-event-id': seen[0]?.id ?? '' } })
  await until(bench, async () => of(second, 'view').length > 0)
  expect(of(second, 'record')).toEqual(seen.slice(1))
  expect(of(second, 'view')[0]?.data).toMatchObject({ outcome: 'cancelled' })
  expect(bench.failures).toEqual([])
})

test('the views that are sent add up to the view that is read', { tags: ['long', 'turn'] }, async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const watching = await read(bench, `/api/v1/stream?topics=execution:${id}`, { session: ann.id })
  const get = () => ann.seen(id)
  await ann.waits(id)
  await ann.post(`/api/v1/plans/${String((await get()).plan)}/decisions`, { decision: 'approve' })
  await bench.room.begin()
  await ann.ends(id)
  await until(bench, async () => of(watching, 'view').at(-1)?.data.status === 'ended')
  const sum = of(watching, 'view').reduce<Record<string, unknown>>((all, { data }) => Object.assign(all, data), {})
  const whole = (await ann.get(`/api/v1/executions/${id}/view`)).json
  for (const name of ['status', 'outcome', 'headline', 'waves', 'plan', 'records'])
    expect([name, sum[name]]).toEqual([name, whole[name]])
  expect(of(watching, 'view').length).toBeGreaterThan(1)
})

test('a stream ends with its session, at a logout and with the server, and says why', async () => {
  const bench = await liveServer()
  const [ann, other] = [bench.browser(ANN), bench.browser(ANN)]
  const [one, two] = [
    await read(bench, '/api/v1/stream?topics=overview', { session: ann.id }),
    await read(bench, '/api/v1/stream?topics=overview', { session: other.id }),
  ]
  expect(bench.front.live.size).toBe(2)
  await ann.form('/logout')
  await until(bench, async () => one.isOver())
  expect(of(one, 'bye')).toMatchObject([{ data: { why: 'the session has ended' } }])
  expect([two.isOver(), bench.front.live.size]).toEqual([false, 1])
  bench.end()
  await until(bench, async () => two.isOver())
  expect(of(two, 'bye')).toMatchObject([{ data: { why: 'the server is ending' } }])
  expect([(await bench.ask('GET', '/readyz')).status, (await bench.ask('GET', '/healthz')).status]).toEqual([503, 200])
})

test('a stream of a program ends with its token', async () => {
  const bench = await liveServer({ short: ANN, long: ANN }, undefined, { lasts: { short: 5 * 60_000 } })
  const [short, long] = [
    await read(bench, '/api/v1/stream?topics=overview', { token: 'short' }),
    await read(bench, '/api/v1/stream?topics=overview', { token: 'long' }),
  ]
  await bench.lab.clock.advance(5 * 60_000 - 1)
  expect([short.isOver(), long.isOver()]).toEqual([false, false])
  await bench.lab.clock.advance(1)
  await until(bench, async () => short.isOver())
  expect(of(short, 'bye')).toMatchObject([{ data: { why: 'the token is not good any more' } }])
  expect([long.isOver(), bench.front.live.size]).toEqual([false, 1])
})

test('who only asks for the head of a stream watches nothing', async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  for (let round = 0; round < 3; round += 1) {
    const answer = await bench.open('HEAD', '/api/v1/stream?topics=overview', { session: ann.id })
    expect([answer.status, await answer.text(), bench.front.live.size, bench.failures]).toEqual([200, '', 0, []])
  }
})

test('[G22] a watcher that does not read is dropped, and nobody else notices', async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const slow = await bench.open('GET', '/api/v1/stream?topics=overview', { session: ann.id })
  expect(bench.front.live.size).toBe(1)
  const quick = await read(bench, '/api/v1/stream?topics=overview', { session: ann.id })
  await until(bench, async () => of(quick, 'overview').length === 1)
  // 2 MB of frames for everybody who watches.
  const frame = `event: overview\ndata: {"filler":"${'x'.repeat(100_000)}"}\n\n`
  const watchers = [...bench.front.live.watchers()]
  expect(watchers).toHaveLength(2)
  for (let index = 0; index < 20; index += 1) {
    for (const watcher of watchers) watcher.frame(frame)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until(bench, async () => of(quick, 'overview').length === 21)
  expect(bench.front.live.size).toBe(1)
  await slow.body?.cancel()
})

test('nobody watches what they may not read, and a new policy ends the streams that it denies', async () => {
  const bob = { issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc', groups: ['ops'] } as const
  const policy = (who: string) => `version: 1
roles: { op: { members: ["${who}"] } }
rules:
  - { id: all, allow: [plan.create, plan.read, execution.read, execution.start, task.snapshot, task.plan], to: [op] }
`
  const bench = await liveServer({ bob, eve: { ...bob, id: 'eve', groups: [] } }, { policy: policy('corp:group:ops') })
  const begun = await bench.ask('POST', '/api/v1/plans', { token: 'bob', body: { workflow: 'workflow.yaml' } })
  const path = `/api/v1/stream?topics=execution:${String(begun.json.execution)}`
  expect((await bench.ask('GET', path, { token: 'eve' })).status).toBe(404)
  expect((await bench.ask('GET', path)).status).toBe(401)
  const watching = await read(bench, path, { token: 'bob' })
  await until(bench, async () => of(watching, 'view').length > 0)
  const overview = await read(bench, '/api/v1/stream?topics=overview', { token: 'bob' })
  expect((await bench.ask('GET', '/api/v1/stream?topics=overview', { token: 'eve' })).status).toBe(403)
  bench.lab.write('policy.yaml', policy('corp:group:others'))
  for (const one of [watching, overview]) {
    await until(bench, async () => one.isOver())
    expect(of(one, 'bye')).toMatchObject([{ data: { why: 'the policy has changed' } }])
  }
})

test('a policy that cannot be read, or is gone, ends every stream', async () => {
  const policy = (more: string) => `version: 1
rules:
  - { id: all, allow: [plan.create, plan.read, execution.read, execution.start, task.snapshot, task.plan], to: ["kind:person"] }
${more}`
  const bench = await liveServer({}, { files: { 'policy.yaml': policy('') } })
  const ann = bench.browser(ANN)
  const id = String((await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })).json.execution)
  for (const bad of [policy('nonsense: ['), undefined]) {
    bench.lab.write('policy.yaml', policy(''))
    const watching = await read(bench, `/api/v1/stream?topics=execution:${id}`, { session: ann.id })
    await until(bench, async () => of(watching, 'view').length > 0)
    if (bad === undefined) rmSync(join(bench.lab.dir, 'policy.yaml'))
    else bench.lab.write('policy.yaml', bad)
    await until(bench, async () => watching.isOver())
    expect(of(watching, 'bye')).toMatchObject([{ data: { why: 'the policy cannot be read' } }])
  }
  expect(bench.failures).toHaveLength(2)
})

test('topics and ids that mean nothing are refused', async () => {
  const { browser, ask } = await openLab().serve()
  const ann = browser(ANN)
  const topics = [
    'nothing',
    'overview,nothing',
    'execution:20200101-000000-00000000',
    `${'execution:a,'.repeat(21)}overview`,
  ]
  expect(
    (await Promise.all(topics.map((one) => ann.get(`/api/v1/stream?topics=${one}`)))).map(({ status }) => status),
  ).toEqual([422, 422, 404, 422])
  const bad = await ask('GET', '/api/v1/stream?topics=overview', {
    session: ann.id,
    headers: { 'last-event-id': 'garbage', origin: ORIGIN },
  })
  expect(bad.status).toBe(422)
})

test('a page is sent parts of itself, and what they show is what the page shows when it is loaded again', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  await ann.waits(id)
  const page = (await ann.get(`/executions/${id}`)).text
  const [, path = ''] = /data-stream="([^"]+)"/.exec(page) ?? []
  const watching = await read(bench, path.replaceAll('&amp;', '&'), { session: ann.id })
  const overview = await read(bench, '/api/v1/stream?topics=overview&as=page', { session: ann.id })
  await ann.post(`/api/v1/executions/${id}/stop`, { reason: 'enough' })
  await ann.ends(id)
  await until(bench, async () => of(watching, 'region').length > 0 && of(overview, 'region').length > 0)
  await bench.lab.clock.advance(2_000)
  await until(bench, async () => of(overview, 'region').at(-1)?.data.region !== undefined)
  expect([of(watching, 'view'), of(watching, 'record').length > 1]).toEqual([[], true])
  const again = (await ann.get(`/executions/${id}`)).text
  const regions = new Map(of(watching, 'region').map(({ data }) => [String(data.region), String(data.html)]))
  expect(regions.size).toBeGreaterThan(1)
  for (const [name, html] of regions) expect([name, again.includes(html)]).toEqual([name, true])
  expect(new Set(of(overview, 'region').map(({ data }) => data.region))).toEqual(
    new Set(['overview-head', 'overview-needs', 'overview-now', 'overview-health', 'overview-recent']),
  )
  expect(bench.failures).toEqual([])
})

test('who watches two executions at once and comes back anywhere has every record once, in the order in which it was written', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await liveServer({}, { files: { 'other.yaml': workflowFor('leaf3') } })
  const ann = bench.browser(ANN)
  const begin = async (workflow: string) => String((await ann.post('/api/v1/executions', { workflow })).json.execution)
  const ids = [await begin('workflow.yaml'), await begin('other.yaml')]
  const read1 = async (id: string) => await ann.seen(id)
  await until(bench, async () =>
    (await Promise.all(ids.map(read1))).every(({ waitingFor }) => waitingFor !== undefined),
  )
  const path = `/api/v1/stream?topics=${ids.map((id) => `execution:${id}`).join()}`
  const watching = await read(bench, path, { session: ann.id })
  await until(bench, async () => of(watching, 'view').length === 2)
  for (const id of ids)
    await ann.post(`/api/v1/plans/${String((await read1(id)).plan)}/decisions`, { decision: 'approve' })
  await bench.room.begin()
  await until(bench, async () => (await Promise.all(ids.map(read1))).every(({ status }) => status === 'ended'))
  const all = (await Promise.all(ids.map((id) => bench.app.store.read(id)))).flat().toSorted(byPlace)
  await until(bench, async () => of(watching, 'record').some(({ data }) => data.seq === all.at(-1)?.seq))
  const seqs = (reading: Reading) => of(reading, 'record').map(({ data }) => data.seq)
  const seen = seqs(watching)
  expect(seen).toEqual(all.slice(-seen.length).map(({ seq }) => seq))
  expect(seen.length).toBeGreaterThan(60)
  // They took turns.
  const turns = all.slice(-seen.length).filter(({ execution }, index, list) => list[index - 1]?.execution !== execution)
  expect(turns.length).toBeGreaterThan(4)
  for (const at of [0, 10, 25, seen.length - 2]) {
    const id = of(watching, 'record')[at]?.id ?? ''
    const again = await read(bench, path, { session: ann.id, headers: { 'last-event-id': id } })
    for (let turn = 0; turn < 500 && of(again, 'view').length < 2; turn += 1)
      await new Promise((resolve) => setImmediate(resolve))
    expect(seqs(again)).toEqual(seen.slice(at + 1))
    // Where only views came, their id is that of the newest record of both.
    expect(
      of(again, 'view')
        .slice(0, 2)
        .map((view) => view.id),
    ).toEqual(Array(2).fill(of(watching, 'record').at(-1)?.id))
    await again.close()
  }
})

test('who begins to watch right behind a record takes it from nobody who watches already', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  const { app } = bench
  const id = await bench.browser(ANN).begin()
  await until(bench, async () => (await app.store.read(id)).at(-1)?.type === 'TaskWaiting')
  const events = await app.store.read(id)
  const requested = events.findIndex(({ type }) => type === 'ApprovalRequested')
  const sheet = new WatchedExecution(app, id, events.slice(0, requested), new Map())
  const one = await sheet.whole()
  sheet.written(events.slice(requested))
  const other = await sheet.whole()
  expect(other.headline).not.toEqual(one.headline)
  const [frame = ''] = (await sheet.draw())?.program ?? []
  expect(JSON.parse(frame.split('\ndata: ')[1] ?? '{}')).toMatchObject({ headline: other.headline })
  expect(await sheet.draw()).toBeUndefined()
})

/** How long after a moment a page shows a text, in milliseconds of the lab; at most five seconds. */
async function shownAfter(bench: ServerBench, page: Reading, text: string, at: number) {
  const isShown = () => of(page, 'region').some(({ data }) => String(data.html).includes(text))
  while (!isShown() && bench.lab.clock.now() - at < 5_000) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await bench.lab.clock.next()
  }
  return bench.lab.clock.now() - at
}

test('every overview page of a viewer shows what a command line writes within 600 ms, also right behind what came before', async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const path = '/api/v1/stream?topics=overview&as=page'
  const pages = [await read(bench, path, { session: ann.id })]
  const late: number[] = []
  for (let round = 0; round < 6; round += 1) {
    // A second tab, whose overviews are made at other moments.
    if (round === 2) pages.push(await read(bench, path, { session: ann.id }))
    const reason = `audit of rack ${round}`
    await bench.lab.ok('freeze --reason', reason, '--for', '2h')
    const at = bench.lab.clock.now()
    for (const page of pages) late.push(await shownAfter(bench, page, reason, at))
  }
  expect(late).toHaveLength(10)
  expect(Math.max(...late), late.join(' ')).toBeLessThan(600)
})

test('what has happened between the making of a page and its stream is sent first', async () => {
  const bench = await liveServer()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  await ann.waits(id)
  // The stream of the page that was made before.
  const watching = await read(bench, `/api/v1/stream?topics=execution:${id}&as=page`, { session: ann.id })
  await until(bench, async () => of(watching, 'region').length > 0)
  expect(of(watching, 'region').map(({ data }) => data.region)).toEqual([
    'execution-head',
    'execution-flow',
    'execution-checks',
    'execution-aside',
  ])
  expect(of(watching, 'region')[0]?.data.html).toContain('Waits for an approval')
})
