import { z } from 'zod'
import type { StateChange, Tolerances } from '../finding/compare.ts'

const GLOB = /[*?]/

/**
 * Whether an item of an expectation names a change: by its subject (`140`, `10.0.0.1`), by its subject and VRF (`10.0.0.1 in
 * PROD`), with the attribute as well (`Ethernet3 link`, `10.0.0.1 state in PROD`), or by the whole line that tells it. `*`
 * stands for any text, `?` for one character.
 */
export function names(item: string, { subject, vrf, attribute, text }: StateChange): boolean {
  const named = attribute === undefined ? [subject] : [subject, `${subject} ${attribute}`]
  const places = vrf === undefined ? named : [...named, ...named.map((one) => `${one} in ${vrf}`)]
  const forms = [...places, text]
  if (!GLOB.test(item)) return forms.includes(item)
  return forms.some((form) => fits(item, form))
}

function fits(glob: string, text: string) {
  let at = 0
  let star = -1
  let from = 0
  let to = 0
  while (to < text.length) {
    if (glob[at] === '?' || (glob[at] !== '*' && glob[at] === text[to])) {
      at += 1
      to += 1
    } else if (glob[at] === '*') {
      star = at
      at += 1
      from = to
    } else if (star >= 0) {
      at = star + 1
      from += 1
      to = from
    } else return false
  }
  return /^\**$/.test(glob.slice(at))
}

const One = z.union([z.string().min(1).max(200), z.int()])

const MOST = 4096

const Items = z
  .union([One, z.array(z.union([One, z.array(One)])).max(MOST)], {
    error: 'expected a name or number, or a list of them, such as [140, 141]',
  })
  .transform((written) => [written].flat(2).map(String))

const Move = z
  .string()
  .regex(/^\d{1,9}(?:\.\d{1,6})?(?:\s?(?:%|dB))?$/, 'expected a number, a percentage such as 2%, or 1 dB')

const Tolerated = z.union([z.number().min(0), Move])

const Tolerating = z.union([Tolerated, z.record(z.string().min(1), Tolerated)])

export const AreaExpectation = z.strictObject({
  added: Items.optional().describe('What must be there that was not.'),
  removed: Items.optional().describe('What must not be there that was.'),
  changed: Items.optional().describe('What must be there as before, and be another now.'),
  allowed: Items.optional().describe('What may come, go or change, and need not.'),
  tolerance: Tolerating.optional().describe('How far its quantities may move: `2%`, `1 dB`, 10, or each by its name.'),
})

export type AreaExpectation = z.output<typeof AreaExpectation>

export const DEMANDS = ['added', 'removed', 'changed'] as const

export function tolerancesOf({ tolerance }: AreaExpectation, known: Tolerances): Tolerances {
  if (tolerance === undefined) return {}
  if (typeof tolerance === 'object') return mapped(Object.entries(tolerance))
  return mapped(Object.keys(known).map((attribute) => [attribute, tolerance] as const))
}

function mapped(entries: readonly (readonly [string, number | string])[]): Tolerances {
  return Object.fromEntries(
    entries.map(([attribute, written]) => {
      const amount = Number.parseFloat(String(written))
      return [attribute, String(written).endsWith('%') ? { percent: amount } : { by: amount }]
    }),
  )
}
