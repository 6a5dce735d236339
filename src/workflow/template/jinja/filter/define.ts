import { wrong } from '../fault.ts'
import { bound } from '../run/arguments.ts'
import type { Host } from '../run/host.ts'
import { type Given, Markup, Undefined, type Value } from '../value/value.ts'

/** A filter: the value before the bar and what stands in the parentheses, to another value. */
export interface Filter {
  (value: Value, given: Given, host: Host): Value
  /** What it takes, in the words of {@link bound}; absent where that depends on what is given. */
  readonly signature?: string
}

/** Filters by the names that Ansible gives them. */
export type Filters = Readonly<Record<string, Filter>>

/** What was given, in the order of the signature; undefined for what was left out. */
export type Args = readonly (Value | undefined)[]

/** A filter of values that are there, as is everything that it is given. The signature is that of {@link bound}. */
export function filter(signature: string, run: (value: Value, args: Args, host: Host) => Value): Filter {
  const safe = safeFilter(signature, run)
  return withSignature(signature, (value, given, host) => {
    if (value instanceof Markup) throw wrong('the text was made safe for HTML before', 'apply that filter last')
    return safe(value, given, host)
  })
}

/** The same for a filter that also takes text which was made safe for HTML. */
export function safeFilter(signature: string, run: (value: Value, args: Args, host: Host) => Value): Filter {
  return lenientFilter(signature, (value, args, host) => {
    for (const one of [value, ...args]) if (one instanceof Undefined) throw one.fault()
    return run(value, args, host)
  })
}

/** The same for a filter that is also for what is not there. */
export function lenientFilter(signature: string, run: (value: Value, args: Args, host: Host) => Value): Filter {
  return withSignature(signature, (value, given, host) => run(value, bound(signature, given), host))
}

function withSignature(signature: string, run: (value: Value, given: Given, host: Host) => Value): Filter {
  return Object.assign(run, { signature })
}
