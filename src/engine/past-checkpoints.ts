import { byPlace } from '../journal/cursor.ts'
import { MissingSegmentError } from '../journal/missing-segment.ts'
import type { CheckpointRecord } from '../task/checkpoint-record.ts'
import { checkpointName, firstCheckpoint } from '../task/session-name.ts'
import { deviceEnds } from './outcome.ts'
import type { ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'
import { foldSwitches } from './switch-record.ts'

/** What earlier executions of the store say of the checkpoints on switches. Each is read once, and only if a switch lists its checkpoint. */
export function pastCheckpoints(
  { executionIds, readExecution }: Pick<ChangePorts, 'executionIds' | 'readExecution'>,
  own: string,
): CheckpointRecord {
  const read = new Map<string, Promise<ExecutionState | undefined>>()
  const past = (id: string): Promise<ExecutionState | undefined> => {
    const known = read.get(id) ?? foldSwitches(id, readExecution).catch(unlessSealedAway)
    read.set(id, known)
    return known
  }
  let names: ReadonlyMap<string, string | undefined> | undefined
  /** The ended executions that have saved one of these checkpoints on a switch, the one that ended first before the others. */
  const savers = async (device: string, listed: readonly string[]): Promise<readonly ExecutionState[]> => {
    names ??= byCheckpoint(await executionIds(), own)
    const states = await Promise.all(saversAmong(listed, names).map(past))
    return states
      .filter((state) => state !== undefined)
      .filter(({ status, devices }) => status === 'ended' && devices.get(device)?.checkpoint !== undefined)
      .toSorted(byPlace)
  }
  return {
    spent: async (device, listed) => {
      const old = (await savers(device, listed)).filter((state) => isSpent(state, device)).slice(0, -1)
      return old.flatMap(({ id }) => listed.filter((name) => firstCheckpoint(name) === checkpointName(id)))
    },
    isReplayed: async (device, listed, base) =>
      (await savers(device, listed)).some(({ devices }) => devices.get(device)?.replayed === base),
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

/**
 * What is sealed in a segment that is not at hand says nothing: its checkpoint is left on the switch, and what it has proven is proven
 * again.
 */
function unlessSealedAway(error: unknown): undefined {
  if (!(error instanceof MissingSegmentError)) throw error
}

/** The executions that have saved these checkpoints, each once. */
function saversAmong(listed: readonly string[], names: ReadonlyMap<string, string | undefined>): readonly string[] {
  return [...new Set(listed.flatMap((name) => names.get(firstCheckpoint(name) ?? '') ?? []))]
}

/** Executions by the name of their first checkpoint; undefined where two of them share one, so that it is nobody's. */
function byCheckpoint(ids: readonly string[], own: string): ReadonlyMap<string, string | undefined> {
  const names = new Map<string, string | undefined>()
  for (const id of ids) {
    const name = checkpointName(id)
    names.set(name, names.has(name) ? undefined : id)
  }
  names.set(checkpointName(own), undefined)
  return names
}

/** Confirmed, put back, or never committed: what is unknown may still be needed by a person. */
function isSpent(state: ExecutionState, device: string): boolean {
  if (state.outcome === 'unknown') return false
  const end = deviceEnds(state)[device]
  return (
    end === 'changed' || end === 'reverted' || (end === 'untouched' && state.devices.get(device)?.reached === 'stage')
  )
}
