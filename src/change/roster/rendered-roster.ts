import { type LazyValue, ValueFault } from '../../model/lazy-value.ts'
import { keepKeys } from '../../model/map-keys.ts'
import type { Problem } from '../../model/problem.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import type { RosterHost, RosterMap, RosterValue, Variable } from './hosts/roster.ts'
import { type HostValues, hostValues, type ReadingOptions } from './value/host-values.ts'

// What a secret is printed as.
const SECRET = '<secret>'

export interface RenderedVariables {
  /** The value of a variable of a host; what cannot be read in it is `{"__eosflow_refused": why}`. */
  readonly shownAs: (host: RosterHost, name: string) => RosterValue
  /** What could not be read so far: each once, however many hosts have it. */
  readonly problems: () => readonly Problem[]
}

export function renderedVariables(options: ReadingOptions): RenderedVariables {
  const problems = new Map<string, Problem>()
  let last: { readonly host: RosterHost; readonly values: HostValues } | undefined
  const shown = (read: () => LazyValue | undefined): RosterValue => {
    try {
      const value = read()
      return value === undefined ? null : plain(value)
    } catch (thrown) {
      if (!(thrown instanceof ValueFault)) throw thrown
      const { at, message } = thrown.problem
      problems.set(`${at.file}:${at.line}:${at.column} ${message}`, thrown.problem)
      return { __eosflow_refused: thrown.problem.message }
    }
  }
  const plain = (value: LazyValue): RosterValue => {
    if (value.kind === 'list') return Array.from({ length: value.length }, (_, index) => shown(() => value.item(index)))
    if (value.kind === 'scalar') {
      if (value.isSecret) return SECRET
      return value.isFloat === true && typeof value.value === 'number' ? new WholeFloat(value.value) : value.value
    }
    const keys = value.keys()
    const map = Object.fromEntries(keys.map((key) => [key, shown(() => value.member(key))]))
    keepKeys(
      map,
      keys.map((key) => value.writtenKey?.(key) ?? key),
    )
    return map
  }
  return {
    problems: () => [...problems.values()],
    shownAs: (host, name) => {
      if (last?.host !== host) last = { host, values: hostValues(host, options) }
      const { values } = last
      return shown(() => values.get(name))
    },
  }
}

/** A variable as it is written, for print: what was encrypted with its whole file is `<secret>`. */
export function writtenVariable(_host: RosterHost, _name: string, { value, isSecret }: Variable): RosterValue {
  return isSecret === true ? hidden(value) : value
}

function hidden(value: RosterValue): RosterValue {
  if (Array.isArray(value)) return value.map(hidden)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return SECRET
  return Object.fromEntries(Object.entries(value as RosterMap).map(([key, member]) => [key, hidden(member)]))
}
