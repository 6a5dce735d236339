import { foldAll } from '../../src/engine/fold.ts'
import type { Ledger } from '../../src/engine/ledger.ts'
import type { TaskPort } from '../../src/engine/ports.ts'
import { runExecution } from '../../src/engine/run.ts'
import type { ExecutionState } from '../../src/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { unlimitedRoom } from '../../src/journal/room.ts'
import { EosflowError } from '../../src/model/error.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'

type Span = readonly [begin: number, end: number]

/** What tasks and rollbacks put on record besides their own beginning and end. */
const OF_TASKS: ReadonlySet<string> = new Set([
  'PlanMade',
  'ApprovalUsed',
  'ActIntended',
  'ActFinished',
  'DeviceSettled',
])

/**
 * Resumes an execution of which only the first `cut` events are on record. Its tasks and rollbacks do what the rest of
 * the record says that they did: the acts that were not yet on record, and the end they came to.
 */
export async function resumeRecorded(
  recorded: readonly JournalEvent[],
  cut: number,
): Promise<{ readonly state: ExecutionState }> {
  const kept = recorded.slice(0, cut)
  const last = kept.at(-1)
  const id = last?.execution ?? ''
  const clock = new VirtualClock(Date.parse(last?.at ?? ''))
  let seq = last?.seq ?? 0
  const journal: Journal = {
    append: async (_, bodies) => bodies.map((body) => numbered(body, id, ++seq, clock.now())),
    read: async () => kept,
  }
  const [resumed] = await journal.append(id, [{ type: 'ExecutionResumed' }])
  const start = foldAll(id, resumed === undefined ? kept : [...kept, resumed])
  const state = await runExecution(
    start,
    {
      journal,
      room: unlimitedRoom,
      clock,
      random: new SeededRandom(),
      inbox: {
        isAttended: false,
        wait: () => new Promise(() => undefined),
        token: (_, key) => ({ token: key, digest: key }),
      },
      tasks: (ledger) => recordedTasks(ledger, recorded, cut),
    },
    new AbortController().signal,
  )
  return { state }
}

function numbered(body: EventBody, execution: string, seq: number, now: number): JournalEvent {
  return { v: 1, seq, at: new Date(now).toISOString(), actor: 'test', execution, ...body }
}

function recordedTasks(ledger: Ledger, recorded: readonly JournalEvent[], cut: number): TaskPort {
  const replay = async ([begin, end]: Span, devices: readonly string[]): Promise<void> => {
    const acts = recorded.slice(Math.max(begin, cut), end).filter((event) => {
      return OF_TASKS.has(event.type) && (!('device' in event) || devices.includes(event.device ?? ''))
    })
    if (acts.length > 0) await ledger.append(...acts)
  }
  return {
    readNetwork: () => Promise.resolve(),
    endAround: () => Promise.resolve(),
    endProbes: () => Promise.resolve(),
    rest: () => Promise.resolve(),
    run: async ({ path, state, devices }) => {
      const isOwn = (event: JournalEvent): boolean =>
        'path' in event && event.path === path && event.state === state.name
      const begin = recorded.findIndex((event) => event.type === 'TaskStarted' && isOwn(event))
      const end = recorded.findIndex(
        (event) => (event.type === 'TaskSucceeded' || event.type === 'TaskFailed') && isOwn(event),
      )
      const last = recorded[end]
      if (last === undefined) throw new EosflowError('bug', `${path}/${state.name} is not on record`)
      await replay([begin, end], devices)
      if (last.type === 'TaskFailed') throw new EosflowError(last.error.kind, last.error.message)
      return { answer: 'done', output: last.type === 'TaskSucceeded' ? last.output : {} }
    },
    rollBack: async (device) => {
      const isOwn = (event: JournalEvent): boolean => 'device' in event && event.device === device
      const begin = recorded.findIndex((event) => event.type === 'UndoStarted' && isOwn(event))
      const end = recorded.findIndex((event) => event.type === 'UndoFinished' && isOwn(event))
      const last = recorded[end]
      if (last?.type !== 'UndoFinished') throw new EosflowError('bug', `no rollback of ${device} is on record`)
      await replay([begin, end], [device])
      await ledger.append({ type: 'UndoFinished', device, end: last.end, detail: last.detail })
    },
    takeBack: async ({ state }) => {
      throw new EosflowError('bug', `${state.name}: what was recorded took back nothing but switches`)
    },
  }
}
