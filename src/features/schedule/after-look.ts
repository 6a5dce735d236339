import type { AfterFinding, AfterLook, GoneSwitch } from '../../model/after.ts'
import { definedMembers } from '../../model/defined-members.ts'

const MOST_FOUND = 20

export interface AfterRound {
  readonly instant: string
  readonly bad: readonly AfterFinding[]
  readonly unjudged: readonly AfterFinding[]
  readonly looked: number
  readonly devices: readonly string[]
  readonly left: readonly GoneSwitch[]
}

/** What a look comes to behind the one before. */
export function nextLook(
  before: AfterLook | undefined,
  { instant, bad, unjudged, looked, left, devices }: AfterRound,
): AfterLook {
  const result = bad.length > 0 ? 'failed' : unjudged.length > 0 || looked === 0 ? 'unjudged' : 'good'
  const failedSince =
    result === 'good' ? undefined : (before?.failedSince ?? (result === 'failed' ? instant : undefined))
  const plus = (kind: AfterLook['result']) => (before?.[kind] ?? 0) + (kind === result ? 1 : 0)
  return {
    result,
    ...definedMembers({ failedSince }),
    unjudgedInARow: result === 'unjudged' ? (before?.unjudgedInARow ?? 0) + 1 : 0,
    good: plus('good'),
    failed: plus('failed'),
    unjudged: plus('unjudged'),
    found: [...bad, ...unjudged].slice(0, MOST_FOUND),
    left,
    devices,
  }
}
