import { type ChangeTexts, changesBehindCommit, changesOf, inverseKeyOf, keyOf, shownLines } from './config-changes.ts'
import { isAmong } from './lines-of-change.ts'

const SHOWN = 5

/** What EOS or somebody else has changed on a switch: `+vlan 999`, the commands above it before it where it is in a block. */
export function foreignLines(expected: string, found: string): readonly string[] {
  return shownLines(changesOf(expected, found))
}

export interface BesideTarget {
  /** What EOS or somebody else has changed. */
  readonly foreign: readonly string[]
  readonly taken: readonly string[]
}

export function besideTarget(change: ChangeTexts, running: string): BesideTarget {
  const undoing = new Set(changesOf(change.base, change.target).map(inverseKeyOf))
  const found = changesBehindCommit(change.target, running, change)
  return {
    foreign: shownLines(found.filter((one) => !undoing.has(keyOf(one)))),
    taken: shownLines(found.filter((one) => undoing.has(keyOf(one)))),
  }
}

/** When a running-config differs from the base of a change but shares no changed line with it, only changes of EOS or somebody else are on the switch: gives their lines. */
export function onlyForeignLines(base: string, target: string, running: string): readonly string[] | undefined {
  const found = changesBehindCommit(base, running, { base, target })
  return found.some(isAmong(changesOf(base, target))) ? undefined : shownLines(found)
}

export function quoted(lines: readonly string[]): string {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  return [...lines.slice(0, SHOWN), ...more].join('; ')
}
