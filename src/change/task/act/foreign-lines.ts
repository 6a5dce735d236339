import { type ChangeTexts, changesBehindCommit, changesOf, inverseKeyOf, keyOf, shownLines } from './config-changes.ts'
import { isAmong } from './lines-of-change.ts'

/** More lines than these are only counted. */
const SHOWN = 5

/** What EOS or somebody else has changed on a switch: `+vlan 999`, the commands above it before it where it is in a block. Redacted. */
export function foreignLines(expected: string, found: string): readonly string[] {
  return shownLines(changesOf(expected, found))
}

/** What differs from the approved running-config behind the commit of a change, as lines. */
export interface BesideTarget {
  /** What EOS or somebody else has changed. */
  readonly foreign: readonly string[]
  /** Lines of the change that somebody has taken away. */
  readonly taken: readonly string[]
}

/** Tells apart what somebody has changed besides a change and what he has taken away of the change itself. */
export function besideTarget(change: ChangeTexts, running: string): BesideTarget {
  const undoing = new Set(changesOf(change.base, change.target).map(inverseKeyOf))
  const found = changesBehindCommit(change.target, running, change)
  return {
    foreign: shownLines(found.filter((one) => !undoing.has(keyOf(one)))),
    taken: shownLines(found.filter((one) => undoing.has(keyOf(one)))),
  }
}

/**
 * When a running-config differs from the base of a change but shares no changed line with it, only changes of EOS or somebody else
 * are on the switch: gives their lines. Undefined when any line of the change is still there,
 * or is part of a line that is.
 */
export function onlyForeignLines(base: string, target: string, running: string): readonly string[] | undefined {
  const found = changesBehindCommit(base, running, { base, target })
  return found.some(isAmong(changesOf(base, target))) ? undefined : shownLines(found)
}

/** The lines as part of a sentence. */
export function quoted(lines: readonly string[]): string {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  return [...lines.slice(0, SHOWN), ...more].join('; ')
}
