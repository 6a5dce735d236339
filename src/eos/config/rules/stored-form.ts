import { parseVerb } from '../text/command-line.ts'
import type { Draft } from './draft.ts'
import { type HiddenDefault, hiddenDefaults } from './hidden-defaults.ts'
import { type Rewrite, rewrites } from './rewrites.ts'

/** The major and minor number of an EOS version. */
export type EosRelease = readonly [major: number, minor: number]

/** The release that a version such as `4.31.2F` belongs to. */
export function releaseOf(version: string | undefined): EosRelease | undefined {
  const parts = /(\d+)\.(\d+)/.exec(version ?? '')
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined
}

/** Whether a release is a given one or a later one; false for one that is not known. */
export function isSince(since: EosRelease, release: EosRelease | undefined): boolean {
  return release !== undefined && (release[0] > since[0] || (release[0] === since[0] && release[1] >= since[1]))
}

const rewritesOf = byMode(rewrites)
const defaultsOf = byMode(hiddenDefaults)

function byMode<Row extends Rewrite | HiddenDefault>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) for (const mode of row.modes) found.set(mode, [...(found.get(mode) ?? []), row])
  return found
}

/**
 * A command as `show running-config` prints it once it was typed in a mode: prefixes for masks, dotted areas, whole names of interfaces,
 * implied words (the table is `rules/rewrites.ts`). What a release does comes only where the release is known.
 */
export function storedForm(mode: string, typed: string, release: EosRelease | undefined): string {
  const rules = rewritesOf.get(mode)
  if (rules === undefined) return typed
  const { verb, line } = parseVerb(typed)
  let stored = line
  for (const rule of rules) {
    if (rule.since && !isSince(rule.since, release)) continue
    if (rule.until && isSince(rule.until, release)) continue
    const match = rule.typed.exec(stored)
    if (match) stored = rule.stored(...match.slice(1)) ?? stored
  }
  if (stored === line) return typed
  return verb === '' ? stored : `${verb} ${stored}`
}

/**
 * Whether a command, with its `no`, says what is so without it, so that `show running-config` does not print it (the table is
 * `rules/hidden-defaults.ts`).
 *
 * @param block where it is typed
 */
export function isHiddenDefault(
  command: string,
  block: Draft,
  { root, release }: { readonly root: Draft; readonly release: EosRelease | undefined },
): boolean {
  const hasLine = (line: RegExp): boolean => block.children.some((child) => line.test(child.line))
  const stands = (path: readonly string[]): boolean =>
    path.reduce<Draft | undefined>((found, line) => found?.withLine(line), root) !== undefined
  return (defaultsOf.get(block.mode) ?? []).some(
    ({ isDefault, unless, until }) =>
      isDefault(command, block.line, hasLine) &&
      !(unless !== undefined && stands(unless)) &&
      !(until !== undefined && isSince(until, release)),
  )
}
