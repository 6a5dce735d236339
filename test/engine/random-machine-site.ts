import type { Source } from '../../src/workflow/machine.ts'
import type { Draw } from './random-machine-draw.ts'
import { type JsonataFlow, jsonata, literal } from './random-machine-parts.ts'

/** Where states are being made. */
export interface Site {
  readonly draw: Draw
  readonly fresh: () => string
  /** How many Maps and Parallels are around. */
  readonly depth: number
  /** A Retry of a Map or Parallel would do the writes in it again. */
  readonly mayWrite: boolean
  /** Variables with a value here, of the scopes around and of this one; all are numbers. */
  readonly outer: readonly string[]
  readonly own: string[]
  /** How many more states there may be in the whole machine. */
  readonly room: { left: number }
}

/** What the input of any state counts: inputs are objects with an `n`, or lists, or scalars. */
export const N = '($type($states.input) = "object" and $exists($states.input.n) ? $states.input.n : 1)'

/** An output that counts, or none; and sometimes a variable, new or not. */
export function flowOf(site: Site, n = N): JsonataFlow {
  const { draw, own } = site
  const output = draw.chance(0.75) ? { output: { n: `{% ${n} %}` } } : {}
  if (!draw.chance(0.3)) return jsonata(output)
  const known = own.find((name) => !name.startsWith('i'))
  const variable = known !== undefined && draw.chance(0.5) ? known : `v${site.fresh()}`
  const value = `{% ${numberIn(site)} + 1 %}`
  if (!own.includes(variable)) own.push(variable)
  return jsonata({ ...output, assign: { [variable]: value } })
}

/** A visible variable, or a number. */
export function numberIn({ draw, outer, own }: Site): string {
  const [first, ...others] = [...outer, ...own]
  return first === undefined || draw.chance(0.3) ? String(draw.between(0, 3)) : `$${draw.pick([first, ...others])}`
}

/** A number, literal or computed. */
export function numberSource({ draw }: Site, value: number): Source {
  return draw.chance(0.7) ? literal(value) : { from: 'template', value: `{% ${value} + 0 %}` }
}
