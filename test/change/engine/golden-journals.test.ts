import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fold, foldAll } from '../../../src/change/engine/fold.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import { next } from '../../../src/change/engine/next.ts'
import { deviceEnds, waitsForApproval } from '../../../src/change/engine/outcome.ts'
import type { TaskPort } from '../../../src/change/engine/ports.ts'
import { runExecution } from '../../../src/change/engine/run.ts'
import { type Effect, type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { unlimitedRoom } from '../../../src/change/record/room.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { GOLDEN } from './golden-journals.ts'

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
async function resumeRecorded(
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
  const replay = async ([begin, end]: Span, devices: readonly string[]) => {
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
      const isOwn = (event: JournalEvent) => 'path' in event && event.path === path && event.state === state.name
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
      const isOwn = (event: JournalEvent) => 'device' in event && event.device === device
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

const FOLDER = fileURLToPath(new URL('../../fixtures/journals/interpreter-2', import.meta.url))

/** Events that a rule of the machine brings about, not the world. */
const TRANSITIONS: ReadonlySet<string> = new Set([
  'StateEntered',
  'StateExited',
  'StateFailed',
  'TaskScheduled',
  'MapStarted',
  'MapFailed',
  'UndoStarted',
  'CompensationStarted',
  'ExecutionEnded',
])

function journal(file: string): readonly JournalEvent[] {
  return readFileSync(`${FOLDER}/${file}.jsonl`, 'utf8').trimEnd().split('\n').map(parseEvent)
}

function said(effect: Effect) {
  switch (effect.effect) {
    case 'record': {
      const { event } = effect
      if (event.type === 'ExecutionEnded') return ended(event)
      return 'path' in event ? `${event.type} ${event.path}/${event.state}` : event.type
    }
    case 'enter':
      return `StateEntered ${effect.path}/${effect.state}`
    case 'evaluate':
      return `${effect.step} ${effect.path}`
    case 'task': {
      const place = `${effect.path}/${effect.state.name}`
      return `task ${place} attempt ${effect.attempt} of ${effect.devices.join(' ')}${effect.begun ? ', begun before' : ''}`
    }
    case 'undo':
      return `undo of ${effect.device}`
    case 'end':
      return `end of ${effect.event.type}`
    case 'network':
    case 'around':
    case 'probes':
    case 'takeBack':
    case 'wake':
    case 'listen':
      return effect.effect
  }
}

/** What the engine says at the place of a transition. */
function expected(event: JournalEvent) {
  switch (event.type) {
    case 'TaskScheduled':
    case 'MapStarted':
      return `begin ${event.path}`
    case 'StateExited':
      // A Succeed is done with its beginning.
      return `${event.state === 'Done' ? 'begin' : 'finish'} ${event.path}`
    case 'UndoStarted':
      return `undo of ${event.device}`
    case 'ExecutionEnded':
      return ended(event)
    default:
      return 'path' in event ? `${event.type} ${event.path}/${event.state}` : event.type
  }
}

function ended({ outcome, devices }: Extract<EventBody, { type: 'ExecutionEnded' }>) {
  return `ExecutionEnded ${outcome} ${JSON.stringify(devices)}`
}

describe('journals of interpreter 2', () => {
  test.each(GOLDEN)('$file', ({ file, events: length, status, outcome, switches, waits, next: effects }) => {
    const events = journal(file)
    expect(events).toHaveLength(length)
    const last = events.at(-1)
    const execution = foldAll(last?.execution ?? '', events)

    expect(execution.status).toBe(status)
    expect(execution.outcome).toBe(outcome)
    expect(execution.seq).toBe(last?.seq)
    const ends = Object.entries(deviceEnds(execution)).map(([name, end]) => [
      name,
      [end, execution.devices.get(name)?.phase],
    ])
    expect(Object.fromEntries(ends)).toEqual(
      Object.fromEntries(Object.entries(switches).map(([name, [end, phase]]) => [name, [end, phase]])),
    )
    expect(waitsForApproval(execution)).toBe(waits ?? false)
    expect(next(execution, Date.parse(last?.at ?? '')).map(said)).toEqual(effects ?? [])
  })

  test('each of their transitions is what the engine says at its place', () => {
    let looked = 0
    for (const { file } of GOLDEN) {
      const events = journal(file)
      let execution = newExecution(events[0]?.execution ?? '')
      for (const event of events) {
        // What a person interrupts is said by the loop.
        const rule =
          TRANSITIONS.has(event.type) && !(event.type === 'CompensationStarted' && event.reason === 'cancelled')
        if (rule) {
          const effects = next(execution, Date.parse(event.at)).map(said)
          expect(effects, `${file} ${event.seq}`).toContain(expected(event))
          looked++
        }
        execution = fold(execution, event)
      }
    }
    expect(looked).toBe(919)
  })

  test('an execution that is killed anywhere is ended by the present engine as it ended', {
    tags: ['long', 'turn'],
  }, async () => {
    let resumed = 0
    for (const { file, outcome, switches } of GOLDEN.filter(
      (row) => row.status === 'ended' && row.outcome !== 'cancelled',
    )) {
      const events = journal(file)
      for (let cut = 1; cut < events.length; cut++) {
        const { state } = await resumeRecorded(events, cut)
        const ends = Object.fromEntries(Object.entries(switches).map(([name, [end]]) => [name, end]))
        expect({ outcome: state.outcome, ends: deviceEnds(state) }, `${file} cut after ${cut}`).toEqual({
          outcome,
          ends,
        })
        resumed++
      }
    }
    expect(resumed).toBe(1272)
  })

  test('every recorded journal has its row', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'))
    expect(files.toSorted()).toEqual(GOLDEN.map(({ file }) => `${file}.jsonl`).toSorted())
    expect(files).toHaveLength(26)
  })
})
