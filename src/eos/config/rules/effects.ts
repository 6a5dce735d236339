import { type Body, defaultLine, type Effect, negateLine, type Site, setLine } from './apply-line.ts'
import { isBegun } from './begun-lines.ts'
import type { Draft } from './draft.ts'
import type { Meaning } from './rules.ts'

/** Applies a command that opens no submode to one block, by its verb. */
export function applyTo(block: Draft, verb: string, line: string, meaning: Meaning, site: Site, body: Body): Effect {
  if (verb === 'no') return negateLine(block, line, meaning, site)
  if (verb === 'default') return defaultLine(block, line, meaning, site)
  return setLine(block, line, meaning, site, body)
}

/** What is taken away, in the form that is stored, or as it is typed if only so it begins a line of the block: it may lack what is implied in a whole line. */
export function meantLine(block: Draft, stored: string, typed: string): string {
  const isTyped = stored !== typed && isBegun(block, typed) && !isBegun(block, stored)
  return isTyped ? typed : stored
}

/** One answer for a command that went to several blocks. */
export function combine(effects: readonly Effect[]): Effect {
  const order: readonly Effect['kind'][] = ['refused', 'unknown', 'applied']
  for (const kind of order) {
    const effect = effects.find((candidate) => candidate.kind === kind)
    if (effect) return effect
  }
  return effects.find((effect) => effect.kind === 'unchanged' && effect.begun !== undefined) ?? { kind: 'unchanged' }
}
