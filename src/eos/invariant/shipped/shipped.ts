import { EosflowError } from '../../../model/error.ts'
import { type Invariant, readInvariants } from '../pattern/invariant.ts'
import { EVPN } from './evpn.ts'

const SETS = { evpn: EVPN } as const

/** What `use` may name: a set, or one of its invariants, as `evpn/vni-unique`. */
export const SHIPPED_NAMES: readonly string[] = Object.entries(SETS).flatMap(([set, text]) => [
  set,
  ...[...text.matchAll(/^ {2}- name: (.+)$/gm)].map(([, name]) => `${set}/${name}`),
])

/** The shipped invariants that are named, each once, in the order of their set. Throws a RangeError for a name that there is not. */
export function shippedInvariants(names: readonly string[]): readonly Invariant[] {
  const unknown = names.find((name) => !SHIPPED_NAMES.includes(name))
  if (unknown !== undefined) throw new RangeError(`no invariant ${unknown} is shipped`)
  if (names.length === 0) return []
  return Object.entries(SETS).flatMap(([set, text]) => {
    const read = readInvariants(text, `shipped invariants ${set}`)
    if (!read.ok) throw new EosflowError('bug', read.problems.map(({ message }) => message).join('; '))
    return read.value.invariants
      .map((one) => ({ ...one, name: `${set}/${one.name}` }))
      .filter(({ name }) => names.includes(set) || names.includes(name))
  })
}
