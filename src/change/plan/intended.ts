import { lineAt, placesIn, placesOf, wordsAt } from '../../eos/config/placed-lines.ts'
import { redact } from '../../eos/config/secrets/redact.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween } from '../../eos/config/vlan-sets.ts'
import { comparableText } from '../../eos/config/volatile.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'

/** Where a whole intended text of a switch is on record: the execution that has confirmed it, or the snapshot by which somebody has adopted what ran. */
export type IntendedText =
  | { readonly kind: 'execution'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly name: string }

/** Why no whole intended text of a switch is known. */
export const WITHOUT_INTENDED = ['none', 'archived', 'far'] as const

/** `none` is on record; the record of it is `archived` and not at its place; it is too `far` back. */
export type WithoutIntended = { readonly kind: (typeof WITHOUT_INTENDED)[number] }

/** The lines that a switch was meant to have, as far as the record says it. */
export interface IntendedLines {
  /** The last whole text; without one the lines are those that eosflow has put there since. */
  readonly source: IntendedText | WithoutIntended
  /** Each by its place, as {@link placeOf} writes it. */
  readonly lines: ReadonlySet<string>
  /** The switch that the record is of; absent where nothing is on record. */
  readonly of?: DeviceIdentity
}

/** A change that was confirmed on one switch. */
export interface ConfirmedChange {
  /** The execution that has confirmed it. */
  readonly id: string
  /** What it may be called where something takes it back: executions and plans. */
  readonly names: readonly string[]
  /** What it takes back, by one of these names. Absent: it is no rollback. */
  readonly takesBack?: string
  readonly mode: 'merge' | 'replace'
  /** What the switch ran before it and behind it, raw. */
  readonly base: string
  readonly target: string
  /** The lines that it kept although its file lacks them, as its plan names them. */
  readonly kept?: readonly string[]
}

/** Whether a whole intended text is known. */
export function isWhole({ source }: Pick<IntendedLines, 'source'>): boolean {
  return source.kind === 'execution' || source.kind === 'snapshot'
}

/**
 * What a switch was meant to have after these changes, the oldest first, where it began with `start`. A whole configuration that was confirmed takes
 * the place of all before; a line that it kept is intended only if it was before. Of any other change its lines come and go. What takes a change back brings those lines back that were meant before that change, and
 * no others.
 */
export function intendedAfter(start: IntendedLines, changes: readonly ConfirmedChange[]): IntendedLines {
  const before = new Map<string, Restored>()
  let now = start
  for (const change of changes) {
    const was = { id: change.id, intended: now }
    now = afterOne(now, change, before.get(change.takesBack ?? ''))
    for (const name of change.names) before.set(name, was)
  }
  return now
}

/** A change by its execution, and what was meant before it. */
interface Restored {
  readonly id: string
  readonly intended: IntendedLines
}

/** A line that a glob has kept has no author by that. */
function declaredIn({ target, kept = [] }: ConfirmedChange, now: IntendedLines): ReadonlySet<string> {
  const all = placesIn(target)
  if (kept.length === 0) return all
  const named = new Set(kept.map((words) => words.replaceAll(KEYED, '<redacted>')))
  return new Set([...all].filter((place) => now.lines.has(place) || !named.has(wordsAt(lineAt(place), redact))))
}

/** What a plan has in the place of a secret. */
const KEYED = /<redacted:[0-9a-f]+>/g

function afterOne(now: IntendedLines, change: ConfirmedChange, restored: Restored | undefined): IntendedLines {
  const { takesBack, mode, base, target } = change
  if (takesBack === undefined && mode === 'replace')
    return { source: { kind: 'execution', id: change.id }, lines: declaredIn(change, now) }
  const lines = new Set(now.lines)
  for (const one of changesBetween(parseConfig(comparableText(base)), parseConfig(comparableText(target)))) {
    for (const place of placesOf(one)) {
      if (one.sign === '-') lines.delete(place)
      else if (takesBack === undefined || restored?.intended.lines.has(place) === true) lines.add(place)
    }
  }
  // The text that is taken away is the intended one no longer.
  const isItsText = now.source.kind === 'execution' && now.source.id === restored?.id
  return { source: isItsText ? restored.intended.source : now.source, lines }
}
