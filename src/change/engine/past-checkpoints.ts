import { definedMembers } from '../../model/json.ts'
import { byPlace, type PlacedRecord } from '../record/event/cursor.ts'
import type { JournalEvent } from '../record/event/event.ts'
import { MissingSegmentError } from '../record/seal/chain.ts'
import { checkpointName, firstCheckpoint } from '../task/act/act.ts'
import type { CheckpointRecord } from '../task/act/context.ts'
import { foldAll } from './fold.ts'
import type { ScopeEvent } from './fold-scope.ts'
import { deviceEnd } from './outcome.ts'
import type { ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

// Of its switches they say nothing but what the acts say, where it was never redriven.
const OF_TASKS: Readonly<Record<ScopeEvent['type'] | 'VerdictGiven', true>> = {
  StateEntered: true,
  StateExited: true,
  StateFailed: true,
  StateAborted: true,
  TaskScheduled: true,
  TaskStarted: true,
  TaskSubmitted: true,
  TaskHeartbeat: true,
  TaskWaiting: true,
  TaskSucceeded: true,
  TaskFailed: true,
  TaskTimedOut: true,
  MapStarted: true,
  MapFailed: true,
  ParallelStarted: true,
  ParallelFailed: true,
  WaitStarted: true,
  EvaluationFailed: true,
  RetryScheduled: true,
  VerdictGiven: true,
}
const NOT_READ = Object.keys(OF_TASKS) as readonly JournalEvent['type'][]

/** What an execution of the store has done to its switches, up to a record: its plan, `devices`, `ends`, `sites` and how it ended. Throws `store` as reading does. */
export async function foldSwitches(
  id: string,
  read: ChangePorts['readExecution'],
  until = Number.POSITIVE_INFINITY,
): Promise<ExecutionState> {
  const some = await read(id, { but: NOT_READ })
  const events = some.some(({ type }) => type === 'ExecutionRedriven') ? await read(id) : some
  return foldAll(
    id,
    events.filter(({ seq }) => seq <= until),
  )
}

interface SavedCheckpoint {
  // The running-config that the switch has replayed, an artefact; absent where it has none.
  readonly replayed?: string
  readonly isSpent: boolean
}

interface PastExecution extends PlacedRecord {
  readonly id: string
  readonly saved: ReadonlyMap<string, SavedCheckpoint>
}

/** Each is read once, one after the other, and only if a switch lists its checkpoint. */
export function pastCheckpoints(
  { executionIds, readExecution }: Pick<ChangePorts, 'executionIds' | 'readExecution'>,
  own: string,
): CheckpointRecord {
  const read = new Map<string, Promise<PastExecution | undefined>>()
  let last: Promise<unknown> = Promise.resolve()
  const past = (id: string): Promise<PastExecution | undefined> => {
    const known = read.get(id)
    if (known !== undefined) return known
    const made = last
      .catch(() => undefined)
      .then(() => foldSwitches(id, readExecution))
      .then(pastIn, unlessSealedAway)
    read.set(id, made)
    last = made
    made.catch(() => read.delete(id))
    return made
  }
  let names: Promise<ReadonlyMap<string, string | undefined>> | undefined
  const named = () => {
    if (names !== undefined) return names
    const made = executionIds().then((ids) => byCheckpoint(ids, own))
    names = made
    made.catch(() => {
      names = undefined
    })
    return made
  }
  // The ended executions that have saved one of these checkpoints on a switch, the one that ended first before the others.
  const savers = async (device: string, listed: readonly string[]): Promise<readonly Saver[]> => {
    const executions = await Promise.all(saversAmong(listed, await named()).map(past))
    return executions
      .flatMap((one) => {
        const saved = one?.saved.get(device)
        return one === undefined || saved === undefined ? [] : [{ ...saved, id: one.id, seq: one.seq }]
      })
      .toSorted(byPlace)
  }
  return {
    spent: async (device, listed) => {
      const old = (await savers(device, listed)).filter(({ isSpent }) => isSpent).slice(0, -1)
      return old.flatMap(({ id }) => listed.filter((name) => firstCheckpoint(name) === checkpointName(id)))
    },
    isReplayed: async (device, listed, base) =>
      (await savers(device, listed)).some(({ replayed }) => replayed === base),
    // Asked where somebody has just changed the switch: what was read earlier may be too old to name them.
    committed: async (device, listed) => {
      const fresh = byCheckpoint(await executionIds(), own)
      const states = await Promise.all(
        saversAmong(listed, fresh).map((id) => foldSwitches(id, readExecution).catch(unlessSealedAway)),
      )
      return states.flatMap((state) => {
        const { checkpoint, commits = [], target } = state?.devices.get(device) ?? {}
        if (state === undefined || checkpoint === undefined || commits.length === 0) return []
        if (state.ends.get(device)?.end === 'reverted') return []
        return target === undefined ? [] : [{ execution: state.id, target }]
      })
    },
  }
}

type Saver = SavedCheckpoint & Pick<PastExecution, 'id' | 'seq'>

function pastIn(state: ExecutionState): PastExecution {
  const { id, seq, status, devices, targets } = state
  const saved = new Map<string, SavedCheckpoint>()
  if (status !== 'ended') return { id, seq, saved }
  const isTarget = new Set(targets)
  for (const [device, { checkpoint, replayed }] of devices) {
    if (checkpoint === undefined) continue
    saved.set(device, {
      isSpent: isTarget.has(device) && isSpent(state, device),
      ...definedMembers({ replayed }),
    })
  }
  return { id, seq, saved }
}

function unlessSealedAway(error: unknown): undefined {
  if (!(error instanceof MissingSegmentError)) throw error
}

function saversAmong(listed: readonly string[], names: ReadonlyMap<string, string | undefined>) {
  return [...new Set(listed.flatMap((name) => names.get(firstCheckpoint(name) ?? '') ?? []))]
}

// Executions by the name of their first checkpoint; undefined where two of them share one, so that it is nobody's.
function byCheckpoint(ids: readonly string[], own: string): ReadonlyMap<string, string | undefined> {
  const names = new Map<string, string | undefined>()
  for (const id of ids) {
    const name = checkpointName(id)
    names.set(name, names.has(name) ? undefined : id)
  }
  names.set(checkpointName(own), undefined)
  return names
}

// Confirmed, put back, or never committed: what is unknown may still be needed by a person.
function isSpent(state: ExecutionState, device: string) {
  if (state.outcome === 'unknown') return false
  const end = deviceEnd(state, device)
  return (
    end === 'changed' || end === 'reverted' || (end === 'untouched' && state.devices.get(device)?.reached === 'stage')
  )
}
