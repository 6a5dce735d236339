import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { EventBody, JournalEvent } from '../src/journal/event.ts'
import { openStore } from '../src/journal/sqlite/open-store.ts'
import type { SqliteStore } from '../src/journal/sqlite/sqlite-store.ts'
import { readInstallKey } from '../src/system/install-key.ts'
import { fillStore } from './bulk-history.ts'
import { eventsOf } from './journal-events.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { eosflow, milliseconds, workflowOf, writeProject } from './one-change.ts'
import { type SimulatedDevice, startSimulator } from './simulator.ts'
import { byVersion } from './start.ts'

const LONG = Number(process.env.HISTORY_RECORDS ?? 1_000_000)
const SHORT = 1_000
const OPEN = 200
const READ_AMONG = 100_000
const READ = 200
const [WARM_UP, REPEATS] = [2, 9]

/** How much longer a command may take with the long history than with the short one. */
const FLOOR = 1.5
/** How much longer the built command may take to show an execution than to print its version. */
const START_FLOOR = 3
/** How much longer an execution may take to read than the same rows, by index and unverified. */
const READ_FLOOR = 3

const CHECKS = '[reachable]'

/**
 * What commands cost with a million records and 200 open executions, by what they cost with a thousand, in this warm process:
 * alternated, medians of nine. The histories are copies of a change that was made and of one that waits for its approval. Then
 * an execution of 200 records among 100,000, by the same rows read by index.
 */
export async function history(print: Print): Promise<void> {
  const simulator = await startSimulator()
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    const leaf = simulator.devices.find(({ name }) => name === 'leaf1')
    if (leaf === undefined) throw new Error('the bundled fabric has no leaf1')
    const projects = { short: join(dir, 'short'), long: join(dir, 'long') }
    const old = await makeProjects(projects, leaf, print)
    for (const [name, argv, exit] of [
      ['executions', ['executions'], 0],
      ['run --detach', ['run', 'other.yaml', '--detach'], 12],
      ['snapshot take', ['snapshot', 'take', '-t', 'leaf1'], 0],
      ['show', ['show', old], 0],
    ] as const) {
      print(
        await compared(
          name,
          projects,
          (project) => eosflow(project, argv, exit),
          () => newChange(projects),
        ),
      )
    }
    print(await compared('opening', projects, async (project) => (await open(project)).close()))
    print(await started(projects.long, old))
    print(await reading(join(dir, 'read.sqlite')))
  } finally {
    simulator.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Projects {
  readonly short: string
  readonly long: string
}

/** Makes both projects with their histories; gives the id of an execution that both have, the first that ran. */
async function makeProjects({ short, long }: Projects, leaf: SimulatedDevice, print: Print): Promise<string> {
  writeProject(short, leaf, workflowOf(998, CHECKS))
  writeFileSync(join(short, 'other.yaml'), workflowOf(997, CHECKS))
  await eosflow(short, ['run', 'workflow.yaml'], 0)
  await eosflow(short, ['run', 'other.yaml', '--detach'], 12)
  const store = await open(short)
  const [waiting, ran] = await store.executionIds()
  const [ended, resting] = [await store.read(ran ?? ''), await store.read(waiting ?? '')]
  await store.close()
  cpSync(short, long, { recursive: true })
  for (const [project, records, openCopies] of [
    [short, SHORT, 1],
    [long, LONG, OPEN],
  ] as const) {
    await fillStore(storeOf(project), readInstallKey(join(project, '.eosflow'), {}), {
      ended,
      open: resting,
      openCopies,
      records,
    })
    const seconds = await milliseconds(async () => (await open(project)).close())
    print({ bench: 'history', what: 'first opening, which counts', records, milliseconds: rounded(seconds) })
  }
  return ran ?? ''
}

async function compared(
  what: string,
  { short, long }: Projects,
  act: (project: string) => Promise<void>,
  before: () => void = () => undefined,
): Promise<object> {
  const [shorts, longs]: [number[], number[]] = [[], []]
  for (let round = -WARM_UP; round < REPEATS; round += 1) {
    before()
    const [one, other] = [await milliseconds(() => act(short)), await milliseconds(() => act(long))]
    if (round < 0) continue
    shorts.push(one)
    longs.push(other)
  }
  const ratio = rounded(median(longs.map((other, round) => other / (shorts[round] ?? Number.NaN))))
  return {
    bench: 'history',
    what,
    records: LONG,
    milliseconds: rounded(median(longs)),
    withThousand: rounded(median(shorts)),
    ratio,
    floor: FLOOR,
  }
}

/** Both are processes of their own, as a person starts them. */
async function started(project: string, execution: string): Promise<object> {
  const store = await open(project)
  const records = (await store.read(execution)).length
  await store.close()
  const { own, version, ratio } = byVersion(project, ['show', execution])
  return {
    bench: 'history',
    what: `start of show, ${records} records`,
    records: LONG,
    milliseconds: rounded(own),
    version: rounded(version),
    ratio: rounded(ratio),
    floor: START_FLOOR,
  }
}

async function reading(path: string): Promise<object> {
  const store = await openAt(path, KEY)
  const bodies: EventBody[] = []
  for (let device = 0; bodies.length < READ; device += 1) bodies.push(...eventsOf(device))
  const written = await store
    .as({ issuer: 'local', id: 'local:1000:alice@noc1', auth: 'os' })
    .append('x0-00000000', bodies.slice(0, READ))
  await store.close()
  await fillStore(path, KEY, { ended: renamed(written), open: [], openCopies: 0, records: READ_AMONG })
  const filled = await openAt(path, KEY)
  const raw = new Database(path, { readonly: true })
  const rows = raw.prepare<[string], { body: string }>(
    'SELECT pos, n, covers, body, prev, hash FROM event WHERE execution = ? ORDER BY n',
  )
  const [ours, floors]: [number[], number[]] = [[], []]
  for (let round = -WARM_UP; round < 5 * REPEATS; round += 1) {
    const own = await milliseconds(async () => sameCount(await filled.read('x0-00000000')))
    const floor = await milliseconds(async () =>
      sameCount(rows.all('x0-00000000').map(({ body }): unknown => JSON.parse(body))),
    )
    if (round < 0) continue
    ours.push(own)
    floors.push(floor)
  }
  raw.close()
  await filled.close()
  return {
    bench: 'history',
    what: `read ${READ} records`,
    records: READ_AMONG,
    milliseconds: rounded(median(ours)),
    byIndex: rounded(median(floors)),
    ratio: rounded(median(ours) / median(floors)),
    floor: READ_FLOOR,
  }
}

const KEY = '0123456789abcdef'.repeat(4)

/** Copies are told from what is read by another beginning of the id. */
const renamed = (events: readonly JournalEvent[]): readonly JournalEvent[] =>
  events.map((event) => ({ ...event, execution: 'x1-11111111' }))

function sameCount(events: readonly unknown[]): void {
  if (events.length !== READ) throw new Error(`${events.length} of ${READ} events were read`)
}

const storeOf = (project: string): string => join(project, '.eosflow', 'store.db')
const open = (project: string): Promise<SqliteStore> =>
  openAt(storeOf(project), readInstallKey(join(project, '.eosflow'), {}))

function openAt(path: string, installKey: string): Promise<SqliteStore> {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  // The key of the checkpoints is the project's: none is signed here.
  return openStore({ path, installKey, clock, checkpointKey: () => undefined })
}

let vlan = 1_000

/** A change that no execution has planned yet: its approval is judged from the first mention of its plan on. */
function newChange(projects: Projects): void {
  vlan += 1
  for (const project of [projects.short, projects.long])
    writeFileSync(join(project, 'other.yaml'), workflowOf(vlan, CHECKS))
}
