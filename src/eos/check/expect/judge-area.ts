import type { StateChange } from '../finding/state-change.ts'
import { type AreaExpectation, DEMANDS } from './expectation.ts'
import { names } from './names.ts'

export interface AreaCase {
  readonly area: string
  readonly expected: AreaExpectation
  readonly changes: readonly StateChange[]
  readonly isElseUnchanged: boolean
  readonly isDemanded: boolean
}

export function judgeArea(given: AreaCase): readonly string[] {
  return [...(given.isDemanded ? missing(given) : []), ...(given.isElseUnchanged ? unexpected(given) : [])]
}

function missing({ area, expected, changes }: AreaCase) {
  return DEMANDS.flatMap((kind) =>
    (expected[kind] ?? []).flatMap((item) => {
      if (changes.some((change) => change.kind === kind && names(item, change))) return []
      const instead = changes.filter((change) => names(item, change)).map(({ text }) => text)
      return [`${area} ${item} - expected: ${kind}, actual: ${instead.join('; ') || 'as before'}`]
    }),
  )
}

function unexpected({ area, expected, changes }: AreaCase) {
  const allowed = [...(expected.allowed ?? []), ...(BETWEEN_TWO[area] ?? [])]
  return changes
    .filter((change) => !(expected[change.kind] ?? []).some((item) => names(item, change)))
    .filter((change) => !allowed.some((item) => names(item, change)))
    .map(({ text }) => `${text} - not expected`)
}

// What a rollout makes different between the two of an MLAG pair while it has reached one of them: the check `mlag-healthy` demands that they
// agree where somebody wants to know.
const BETWEEN_TWO: Readonly<Record<string, readonly string[]>> = { mlag: ['mlag configSanity'] }
