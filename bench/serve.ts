import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { CHROMIUM, startChromium } from '../test/control-room/chromium.ts'
import { openStream, type ServerProcess, startServerProcess } from '../test/control-room/server-process.ts'
import { TIMER, told } from './engine-timer.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { pageOf, painted, webFiles } from './painted.ts'
import { percentile } from './percentile.ts'
import { startPlainServer } from './plain-server.ts'
import { servedProject } from './served-project.ts'

const RECORDS = Number(process.env.SERVE_RECORDS ?? 100_000)
const SWITCHES = Number(process.env.SERVE_SWITCHES ?? 200)
/** The records of the execution whose page is painted. */
const LARGE = Number(process.env.SERVE_LARGE ?? 10_000)
const CLIENTS = 100
const LISTS = 200
const POSTS = 20
const WARM_UP = 5
const LOAD_SECONDS = 10
const LOADERS = 20
const STREAMS = 30

const COMMAND = fileURLToPath(new URL('../dist/doors/cli/main.js', import.meta.url))

/** What people wait for most: lists, as pages and as documents, and one execution. */
const LIST_PATHS = [
  '/',
  '/executions',
  '/executions?state=open',
  '/switches',
  '/snapshots',
  '/record',
  '/api/v1/executions?limit=50',
  '/api/v1/switches',
] as const

/**
 * The numbers of the control room, each with its floor in the same run: the engine's timer while the front has all that it can do, by the same
 * timer while it has nothing; lists, a large page and a record on its way to 100 browsers, by the same bytes from `node:http`; the start, by that of
 * `--version`; and how much a browser loads.
 */
export async function serve(print: Print): Promise<void> {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  if (CHROMIUM === undefined) throw new Error('there is no Chromium here: install the Debian package chromium')
  const show = (what: string, row: object): void => print({ bench: 'serve', what, ...row })
  show('bundle', bundle())
  const project = await servedProject(SWITCHES, RECORDS, LARGE)
  const browser = await startChromium()
  try {
    const { records, largeRecords } = project
    show('project', { switches: SWITCHES, records, largeRecords })
    const server = await startServerProcess(project.dir, '--import', TIMER, COMMAND)
    try {
      show(`record to ${CLIENTS} clients`, await fanOut(server, browser))
      const of = `/executions/${project.one}`
      for (const path of [...LIST_PATHS, of, `/api/v1${of}`, `/api/v1${of}/view`])
        show(`list ${path}`, await list(server, path))
      show('post', await post(server))
      show('engine timer', await timer(server, project.large))
      show('painted', await painted(server, browser, project))
    } finally {
      await server.kill()
    }
    show('start to /readyz', await start(project.dir, server.origin))
  } finally {
    await browser.close()
    project.close()
  }
}

function bundle(): object {
  const texts = webFiles().map(([, text]) => Buffer.from(text))
  const bytes = texts.reduce((sum, { length }) => sum + length, 0)
  const gzip = texts.reduce((sum, text) => sum + gzipSync(text).length, 0)
  return { files: texts.length, bytes, gzip, limit: 60 * 1024 }
}

async function list(server: ServerProcess, path: string): Promise<object> {
  const body = (await server.get(path)).text
  const plain = await startPlainServer(new Map([['/same', { type: 'text/html', body }]]))
  const agent = new Agent({ keepAlive: true })
  const [ours, floors]: [number[], number[]] = [[], []]
  for (let round = 0; round < WARM_UP; round += 1) await timed(agent, server.origin + path, server.cookie)
  const { cpu } = await told(server.process)
  for (let round = 0; round < LISTS; round += 1) {
    ours.push(await timed(agent, server.origin + path, server.cookie))
    floors.push(await timed(agent, `${plain.origin}/same`, ''))
  }
  const each = ((await told(server.process)).cpu - cpu) / LISTS
  agent.destroy()
  plain.close()
  const [p50, p99, floor99] = [p(ours, 50), p(ours, 99), p(floors, 99)]
  return { bytes: body.length, p50, p99, limit: 100, floor50: p(floors, 50), floor99, cpu: rounded(each) }
}

/** Plans that are asked for: until the answer that they are taken. */
async function post(server: ServerProcess): Promise<object> {
  const ours: number[] = []
  for (let round = 0; round < POSTS; round += 1) {
    const begun = performance.now()
    const { status, text } = await server.post('/api/v1/plans', { workflow: 'one.yaml' })
    if (status >= 300) throw new Error(`POST /api/v1/plans: ${status}\n${text}`)
    ours.push(performance.now() - begun)
  }
  return { path: '/api/v1/plans', p50: p(ours, 50), most: p(ours, 100), limit: 250 }
}

/** How late the timer of the engine is while nobody asks the front for anything, and while everybody does. */
async function timer(server: ServerProcess, large: string): Promise<object> {
  const measured = async (seconds: number) => {
    await told(server.process)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    return told(server.process)
  }
  const idle = await measured(LOAD_SECONDS)
  const agent = new Agent({ keepAlive: true, maxSockets: LOADERS })
  let [isOver, answered] = [false, 0]
  const of = `/executions/${large}`
  const paths = [...LIST_PATHS, of, `${of}/report.html`, `/api/v1${of}/events?limit=200`]
  const topics = ['overview&as=page', `execution:${large}&as=page`, `execution:${large}`]
  const streams = Array.from({ length: STREAMS }, (_, index) =>
    openStream(server.origin, `/api/v1/stream?topics=${topics[index % topics.length]}`, server.cookie),
  )
  const loader = async (_: unknown, index: number): Promise<void> => {
    for (let turn = index; !isOver; turn += 1) {
      await timed(agent, server.origin + (paths[turn % paths.length] ?? '/'), server.cookie)
      answered += 1
    }
  }
  const loading = Promise.all(Array.from({ length: LOADERS }, loader))
  const loaded = await measured(LOAD_SECONDS)
  isOver = true
  await loading
  agent.destroy()
  for (const stream of streams) stream.close()
  return {
    requestsPerSecond: Math.round(answered / LOAD_SECONDS),
    p50: p(loaded.late, 50),
    p99: p(loaded.late, 99),
    most: p(loaded.late, 100),
    own99: p(loaded.own, 99),
    ownMost: p(loaded.own, 100),
    limit: 20,
    floor99: p(idle.late, 99),
    floorMost: p(idle.late, 100),
    utilization: rounded(loaded.utilization),
    floorUtilization: rounded(idle.utilization),
    megabytes: Math.round(loaded.memory),
    floorMegabytes: Math.round(idle.memory),
  }
}

/** A change whose records 99 programs and one page see; then as many frames of the same size from a plain server. */
async function fanOut(server: ServerProcess, browser: Browser): Promise<object> {
  const begun = await server.post('/api/v1/executions', { workflow: 'some.yaml' })
  const id = String(begun.json.execution)
  const path = `/api/v1/stream?topics=execution:${id}`
  const streams = Array.from({ length: CLIENTS - 1 }, () => openStream(server.origin, path, server.cookie))
  const page = await pageOf(browser, server)
  await page.goto(`${server.origin}/executions/${id}`)
  await page.evaluate(`(${LISTEN})('${path}')`)
  await waitFor(server, id, ({ waitingFor }) => waitingFor !== undefined)
  // Everybody watches: what was written while they came is not counted.
  const from = Date.now()
  await server.post(`/api/v1/plans/${String((await server.get(`/api/v1/executions/${id}`)).json.plan)}/decisions`, {
    decision: 'approve',
  })
  await waitFor(server, id, ({ status }) => status === 'ended')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const seen = streams.map(({ events }) =>
    events.filter(({ event, data }) => event === 'record' && Date.parse(String(data.at)) >= from),
  )
  const programs = seen.flatMap((events) => events.map(({ data, came }) => came - Date.parse(String(data.at))))
  const inBrowser = ((await page.evaluate('globalThis.late')) as readonly (readonly [at: number, late: number])[])
    .filter(([at]) => at >= from)
    .map(([, late]) => late)
  const counts = new Set([...seen.map(({ length }) => length), inBrowser.length])
  const frame = `event: record\nid: 1\ndata: ${JSON.stringify(seen[0]?.at(-1)?.data ?? {})}\n\n`
  const { memory } = await told(server.process)
  for (const stream of streams) stream.close()
  await page.context().close()
  return {
    clients: CLIENTS,
    records: [...counts],
    p50: p(programs, 50),
    p95: p([...programs, ...inBrowser], 95),
    p99: p([...programs, ...inBrowser], 99),
    browser99: p(inBrowser, 99),
    limit: 600,
    floor99: p(await plainFanOut(frame, Math.max(...counts)), 99),
    megabytes: Math.round(memory),
  }
}

/** Follows the stream in the page as its own script does, and keeps how late each record is. */
const LISTEN = `(path) => {
  globalThis.late = []
  const source = new EventSource(path)
  source.addEventListener('record', ({ data }) => {
    const at = Date.parse(JSON.parse(data).at)
    globalThis.late.push([at, Date.now() - at])
  })
  return new Promise((resolve) => source.addEventListener('view', resolve, { once: true }))
}`

async function plainFanOut(frame: string, count: number): Promise<readonly number[]> {
  const plain = await startPlainServer(new Map())
  const streams = Array.from({ length: CLIENTS }, () => openStream(plain.origin, '/stream', ''))
  while (streams.some(({ connections }) => connections === 0)) await new Promise((resolve) => setTimeout(resolve, 20))
  const sent: number[] = []
  for (let index = 0; index < count; index += 1) {
    sent.push(Date.now())
    plain.send(frame)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const late = streams.flatMap(({ events }) => events.map(({ came }, index) => came - (sent[index] ?? came)))
  for (const stream of streams) stream.close()
  plain.close()
  return late
}

/** From the start of the process until it takes requests, in time and in CPU time, and by `--version`: medians of five. */
async function start(dir: string, origin: string): Promise<object> {
  const [ours, used, versions]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < 5; round += 1) {
    const begun = performance.now()
    const child = spawn(process.execPath, [COMMAND, 'serve'], { cwd: dir, stdio: 'ignore' })
    while ((await readyAt(origin)) !== 200) await new Promise((resolve) => setTimeout(resolve, 10))
    ours.push(performance.now() - begun)
    used.push(cpuOf(child))
    child.kill('SIGTERM')
    await once(child, 'exit')
    const other = performance.now()
    spawnSync(process.execPath, [COMMAND, '--version'])
    versions.push(performance.now() - other)
  }
  return {
    milliseconds: rounded(median(ours)),
    most: rounded(Math.max(...ours)),
    limit: 2000,
    cpu: median(used),
    version: rounded(median(versions)),
    ratio: rounded(median(ours) / median(versions)),
  }
}

/** The CPU time of a process so far, in milliseconds (proc(5), /proc/pid/stat: utime and stime, in ticks of 10 ms). */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

function readyAt(origin: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(`${origin}/readyz`, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', () => resolve(0))
    asked.end()
  })
}

/** One request over a connection that is kept, from its first byte to the last of its answer. */
function timed(agent: Agent, url: string, cookie: string): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { cookie } }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - begun)
        else reject(new Error(`${url}: ${answer.statusCode}`))
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function waitFor(
  server: ServerProcess,
  id: string,
  holds: (execution: Record<string, unknown>) => boolean,
): Promise<void> {
  const end = Date.now() + 120_000
  while (!holds((await server.get(`/api/v1/executions/${id}`)).json)) {
    if (Date.now() > end) throw new Error(`${id} did not come to that`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const p = (values: readonly number[], share: number): number => rounded(percentile(values, share))
