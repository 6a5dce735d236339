import { wordsAt } from '../../eos/config/placed-lines.ts'
import { takingDown } from '../../eos/config/takes-down.ts'
import type { ComparedEvidence } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent } from './plan.ts'
import { type RedundantSides, redundantPairs, redundantSides } from './redundancy.ts'

/** So many lines of a switch are named; the plan shows all in its diff. */
const NAMED = 3

/**
 * Before which switches it is asked whether what backs them up is fit to carry their traffic, and because of which lines: those that change by lines which may
 * take the switch or an uplink down. Undefined where there is none; `off` where the workflow does not want it asked.
 */
export function otherSides(
  { rollout: { fitness = {} }, beside }: PlanDefinition,
  evidence: readonly ComparedEvidence[],
  changed: readonly string[],
  clean: (text: string) => string,
): PlanContent['otherSides'] {
  const isChanged = new Set(changed)
  const risky = new Map(
    evidence.flatMap(({ device, comparison: { changes } }) => {
      const lines = takingDown(changes).map(({ path, line }) => wordsAt([...path, line], clean))
      return isChanged.has(device) && lines.length > 0 ? [[device, lines] as const] : []
    }),
  )
  if (risky.size === 0 || beside === undefined) return undefined
  const pairs = redundantPairs(evidence, beside.pairs, beside.names)
  const perhaps = redundantSides(evidence)
  const sides = changed.flatMap((name) => {
    const lines = risky.get(name) ?? []
    const partners = pairs.flatMap(({ pair: [a, b], because }) =>
      lines.length === 0 || (a !== name && b !== name) ? [] : [{ name: a === name ? b : a, because }],
    )
    const mayBe = lines.length === 0 ? [] : perhaps.flatMap((one) => partnersAmong(one, name))
    const more = lines.length - NAMED
    const shown = { lines: lines.slice(0, NAMED), ...(more > 0 ? { more } : {}) }
    const all = [...partners, ...mayBe]
    return all.length === 0 ? [] : [{ switch: name, partners: all, ...shown }]
  })
  if (sides.length === 0) return undefined
  return fitness === 'off' ? 'off' : { uplinks: fitness.uplinks ?? 80, sides }
}

/** All that may back up a switch of one of two sides. */
function partnersAmong(
  { sides: [own, others], because }: RedundantSides,
  name: string,
): { name: string; because: string }[] {
  const opposite = own.includes(name) ? others : others.includes(name) ? own : []
  return opposite
    .filter((one) => one !== name)
    .map((one) => ({ name: one, because: `they may be MLAG peers: ${because}` }))
}
