import type { JournalEvent } from '../../../change/record/event/event.ts'
import { type AfterFinding, type AfterLook, UNJUDGED_IN_A_ROW } from '../../../model/after.ts'
import { findingWords } from '../../../report/view/after-words.ts'
import { withKey, withoutKey } from './keyed.ts'
import { withEnd } from './leftovers.ts'

/** A confirmed change whose checks fail since, or could not be judged for a while. */
export interface BadAfter {
  /** The number of the record that first says so. */
  readonly seq: number
  readonly kind: 'after-failed' | 'after-unjudged'
  readonly reason: string
  /** The switches that it is about. */
  readonly devices: readonly string[]
}

/** Those changes, by execution. */
export type BadAfters = ReadonlyMap<string, BadAfter>

/**
 * Folds the next record. It is over when a look is good, when nothing of it is watched any more, when a person has ended the watch, when a later change was confirmed on its
 * switches, and when somebody who may end notices has kept a snapshot of them. A watch whose time is over leaves it as it is: nobody has seen that it is good.
 */
export function aftersAfter(before: BadAfters, event: JournalEvent): BadAfters {
  switch (event.type) {
    case 'ScheduleFinished':
      return event.looked === undefined ? before : looked(before, event, event.looked)
    case 'ScheduleChanged':
      return event.change === 'removed' && event.principal !== undefined
        ? withoutKey(before, executionOf(event.schedule))
        : before
    case 'ExecutionEnded':
      return knownIn(before, withEnd(event, 'changed'), event.execution)
    case 'SnapshotTaken':
      return knownIn(before, event.notices, undefined)
    default:
      return before
  }
}

function looked(
  before: BadAfters,
  { schedule, seq }: JournalEvent & { readonly type: 'ScheduleFinished' },
  look: AfterLook,
): BadAfters {
  const execution = executionOf(schedule)
  const kind = kindOf(look)
  if (kind === undefined) return withoutKey(before, execution)
  const known = before.get(execution)
  if (known?.kind === kind || look.found.length === 0) return before
  const devices = [...new Set(look.found.map(({ device }) => device))]
  return withKey(before, execution, { seq, kind, reason: reasonOf(kind, execution, look), devices })
}

function kindOf({ failedSince, unjudgedInARow, devices }: AfterLook): BadAfter['kind'] | undefined {
  if (devices.length === 0) return undefined
  if (failedSince !== undefined) return 'after-failed'
  return unjudgedInARow >= UNJUDGED_IN_A_ROW ? 'after-unjudged' : undefined
}

/** The first that was found, and what a person can type: nothing is put back by itself. */
function reasonOf(kind: BadAfter['kind'], execution: string, { found, unjudgedInARow }: AfterLook): string {
  const [first, ...others] = found.map(toldOf)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const what = kind === 'after-failed' ? '' : `not judged ${unjudgedInARow} times in a row: `
  return `${what}${first}${more}. Look: eosflow show ${execution}. Roll back: eosflow rollback ${execution}`
}

/** Lines of a configuration are sent to nobody who has not asked for them. */
function toldOf(finding: AfterFinding): string {
  const isText = finding.check?.split(' ', 1)[0] === 'running-config'
  const [line = ''] = findingWords(isText ? { ...finding, says: 'it is not as approved' } : finding).split('\n', 1)
  return line
}

function executionOf(schedule: string): string {
  return schedule.slice(schedule.indexOf(':') + 1)
}

/** The same without switches of which something newer is known. */
function knownIn(before: BadAfters, names: readonly string[], by: string | undefined): BadAfters {
  if (names.length === 0 || before.size === 0) return before
  return new Map(
    [...before].flatMap(([execution, one]): readonly [string, BadAfter][] => {
      const devices = execution === by ? one.devices : one.devices.filter((name) => !names.includes(name))
      return devices.length === 0 ? [] : [[execution, { ...one, devices }]]
    }),
  )
}
