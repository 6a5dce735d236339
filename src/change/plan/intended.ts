import { lineAt, placesIn, placesOf, wordsAt } from '../../eos/config/merge.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'

export type IntendedText =
  | { readonly kind: 'execution'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly name: string }

export const WITHOUT_INTENDED = ['none', 'archived', 'far'] as const

export type WithoutIntended = { readonly kind: (typeof WITHOUT_INTENDED)[number] }

export interface IntendedLines {
  /** The last whole text; without one the lines are those that eosflow has put there since. */
  readonly source: IntendedText | WithoutIntended
  readonly lines: ReadonlySet<string>
  /** The switch that the record is of; absent where nothing is on record. */
  readonly of?: DeviceIdentity
}

export interface ConfirmedChange {
  readonly id: string
  readonly names: readonly string[]
  readonly takesBack?: string
  readonly mode: 'merge' | 'replace'
  readonly base: string
  readonly target: string
  /** The lines that it kept although its file lacks them, as its plan names them. */
  readonly kept?: readonly string[]
}

export function isWhole({ source }: Pick<IntendedLines, 'source'>): boolean {
  return source.kind === 'execution' || source.kind === 'snapshot'
}

/** What a switch was meant to have after these changes, the oldest first, where it began with `start`. A whole configuration that was confirmed takes the place of all before; a line that it kept is intended only if it was before. */
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

interface Restored {
  readonly id: string
  readonly intended: IntendedLines
}

function declaredIn({ target, kept = [] }: ConfirmedChange, now: IntendedLines) {
  const all = placesIn(target)
  if (kept.length === 0) return all
  const named = new Set(kept.map((words) => words.replaceAll(KEYED, '<redacted>')))
  return new Set([...all].filter((place) => now.lines.has(place) || !named.has(wordsAt(lineAt(place), redact))))
}

// What a plan has in the place of a secret.
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
