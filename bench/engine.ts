import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldAll } from '../src/engine/fold.ts'
import type { EnginePorts, TaskPort } from '../src/engine/ports.ts'
import { runExecution } from '../src/engine/run.ts'
import type { EventBody, JournalEvent } from '../src/journal/event.ts'
import type { Journal } from '../src/journal/journal.ts'
import { unlimitedRoom } from '../src/journal/room.ts'
import { openStore } from '../src/journal/sqlite/open-store.ts'
import type { Json } from '../src/model/json.ts'
import { systemClock } from '../src/system/system-clock.ts'
import { SeededRandom } from '../src/trial/seeded-random.ts'
import type { StateMachine, TaskState } from '../src/workflow/machine.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const DEVICES = 1000
const MANY = 10_000
const ROUNDS = 5
const ID = '20260105-080000-00c0ffee'
/** How much slower a transition of ten times as many devices may be. */
const GROWTH = 1.5

type Kind = 'memory' | 'sqlite'

/** How one execution went. */
interface Measured {
  readonly events: number
  readonly milliseconds: number
  /** The largest heap and resident set that were seen at an append, in bytes. */
  readonly heap: number
  readonly rss: number
}

/**
 * Transitions per second of an execution: a Map over 1,000 devices, each of which a task writes and another reads, whose
 * tasks take no time. Every record of the journal is a transition. In memory the engine is measured alone, with SQLite
 * (WAL, `synchronous=FULL`) what a user gets. Medians of five; then the growth to 10,000 devices and what the folding
 * of that journal takes.
 */
export async function engine(print: Print): Promise<void> {
  for (const kind of ['memory', 'sqlite'] as const) {
    for (const concurrency of [10, 0]) {
      await execution(kind, 100, concurrency)
      const few = await rounds(kind, DEVICES, concurrency, ROUNDS)
      print(rowOf(kind, DEVICES, concurrency, few))
      const many = await rounds(kind, MANY, concurrency, 2)
      const growth = perEvent(many) / perEvent(few)
      print({ ...rowOf(kind, MANY, concurrency, many), growth: rounded(growth), limit: GROWTH })
    }
  }
  print(await folding())
}

async function rounds(kind: Kind, devices: number, concurrency: number, count: number): Promise<readonly Measured[]> {
  const all: Measured[] = []
  for (let round = 0; round < count; round += 1) all.push(await execution(kind, devices, concurrency))
  return all
}

function perEvent(all: readonly Measured[]): number {
  return median(all.map(({ milliseconds, events }) => milliseconds / events))
}

function rowOf(kind: Kind, devices: number, concurrency: number, all: readonly Measured[]): object {
  const [first] = all
  return {
    store: kind,
    devices,
    concurrency: concurrency === 0 ? 'without limit' : concurrency,
    transitions: first?.events,
    seconds: rounded(median(all.map(({ milliseconds }) => milliseconds)) / 1000),
    perSecond: Math.round(1000 / perEvent(all)),
    heapMiB: mebibytes(Math.max(...all.map(({ heap }) => heap))),
    rssMiB: mebibytes(Math.max(...all.map(({ rss }) => rss))),
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

async function execution(kind: Kind, devices: number, concurrency: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  const store = kind === 'memory' ? inMemory() : onDisk(folder)
  const peak = { events: 0, heap: 0, rss: 0 }
  const journal: Journal = {
    append: async (id, bodies, after) => {
      const written = await store.append(id, bodies, after)
      note(peak, written.length)
      return written
    },
    read: (id) => store.read(id),
  }
  try {
    const started = performance.now()
    const ended = await run(journal, devices, concurrency)
    if (ended !== 'succeeded') throw new Error(`the execution ended ${ended}`)
    return { ...peak, milliseconds: performance.now() - started }
  } finally {
    store.close()
    rmSync(folder, { recursive: true })
  }
}

const EVERY = 500

function note(peak: { events: number; heap: number; rss: number }, events: number): void {
  const isDue = Math.floor((peak.events + events) / EVERY) > Math.floor(peak.events / EVERY)
  peak.events += events
  if (!isDue) return
  const { heapUsed, rss } = process.memoryUsage()
  peak.heap = Math.max(peak.heap, heapUsed)
  peak.rss = Math.max(peak.rss, rss)
}

interface Closable extends Journal {
  close(): void
}

function onDisk(folder: string): Closable {
  const store = openStore({ path: join(folder, 'store.db'), installKey: 'ab'.repeat(32), clock: systemClock })
  return { ...store.as({ issuer: 'local', id: 'bench', auth: 'os' }), close: () => store.close() }
}

function inMemory(): Closable {
  const events: JournalEvent[] = []
  return {
    append: async (execution, bodies) => {
      const at = new Date().toISOString()
      const written = bodies.map((body, index): JournalEvent => {
        const envelope = { v: 1, seq: events.length + index + 1, at, actor: 'bench' } as const
        return execution === undefined ? { ...envelope, ...body } : { ...envelope, execution, ...body }
      })
      events.push(...written)
      return written
    },
    read: async () => events,
    close: () => undefined,
  }
}

async function run(journal: Journal, devices: number, concurrency: number): Promise<string | undefined> {
  const events = await journal.append(ID, [started(devices, concurrency)])
  const never = new AbortController().signal
  const state = await runExecution(foldAll(ID, events), portsOn(journal), never)
  return state.outcome
}

function portsOn(journal: Journal): EnginePorts {
  const tasks: TaskPort = {
    run: async ({ arguments: given }) => ({ answer: 'done', output: { of: given } }),
    rollBack: async () => undefined,
    takeBack: async () => undefined,
  }
  return {
    journal,
    room: unlimitedRoom,
    clock: systemClock,
    random: new SeededRandom(),
    inbox: {
      isAttended: true,
      wait: () => new Promise(() => undefined),
      token: (_, key) => ({ token: key, digest: key }),
    },
    tasks: () => tasks,
  }
}

/** What it costs to fold the journal of a 10,000-device execution: what every command that shows one begins with. */
async function folding(): Promise<object> {
  const journal = inMemory()
  await run(journal, MANY, 0)
  const events = await journal.read(ID)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now()
    foldAll(ID, events)
    times.push(performance.now() - begun)
  }
  const milliseconds = median(times)
  return {
    fold: events.length,
    milliseconds: Math.round(milliseconds),
    perSecond: Math.round((events.length / milliseconds) * 1000),
  }
}

const at = { file: 'bench.yaml', line: 1, column: 1 } as const

function started(devices: number, concurrency: number): EventBody {
  const items = Array.from({ length: devices }, (_, index) => ({ name: `leaf${index}`, vlan: 100 + (index % 100) }))
  const context = { Execution: { Id: ID }, StateMachine: { Name: 'bench' } }
  return {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'bench',
    file: 'bench.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: machine(concurrency) as unknown as Json,
    params: {},
    requester: { issuer: 'local', id: 'bench', kind: 'person', auth: 'os' },
    targets: [],
    input: { devices: items },
    context,
  }
}

function machine(concurrency: number): StateMachine {
  const push: TaskState = {
    ...task('Push', { device: '{% $states.input.name %}', vlan: '{% $states.input.vlan %}' }),
    effect: 'write',
    undo: { by: 'task', task: 'undo', arguments: {} },
    next: 'Verify',
  }
  const verify: TaskState = {
    ...task('Verify', { device: '{% $states.input.of.device %}' }),
    retry: [{ errorEquals: ['States.ALL'], intervalSeconds: 1, maxAttempts: 3, backoffRate: 2, jitter: 'FULL' }],
  }
  return {
    version: 3,
    startAt: 'RollOut',
    states: {
      RollOut: {
        kind: 'Map',
        name: 'RollOut',
        at,
        flow: { language: 'jsonata', output: '{% $count($states.result) %}' },
        items: { from: 'template', value: '{% $states.input.devices %}' },
        maxConcurrency: { from: 'literal', value: concurrency },
        iterator: { version: 3, startAt: 'Push', states: { Push: push, Verify: verify } },
        retry: [],
        catch: [],
        next: 'Done',
      },
      Done: { kind: 'Succeed', name: 'Done', at, flow: { language: 'jsonata' } },
    },
  }
}

function task(name: string, given: { readonly [member: string]: string }): TaskState {
  return {
    kind: 'Task',
    name,
    at,
    flow: { language: 'jsonata', arguments: given },
    task: name.toLowerCase(),
    scope: 'task.exec',
    effect: 'read',
    undo: { by: 'none' },
    token: false,
    retry: [],
    catch: [],
  }
}
