import type { Budget } from '../value/budget.ts'
import { refused } from '../value/fault.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import { type CallArguments, Markup, Undefined, unmarked, type Value } from '../value/value.ts'
import { bound } from './arguments.ts'
import { textOf } from './print.ts'

export interface Filter {
  (value: Value, given: CallArguments, host: TemplateRuntime): Value
  /** What it takes, in the words of {@link bound}; absent where that depends on what is given. */
  readonly signature?: string
}

export type Filters = Readonly<Record<string, Filter>>

export type Args = readonly (Value | undefined)[]

type Run<Of = Value> = (value: Of, args: Args, budget: Budget, host: TemplateRuntime) => Value

/** The signature is that of {@link bound}. */
export function filter(signature: string, run: Run): Filter {
  const safe = safeFilter(signature, run)
  return withSignature(signature, (value, given, host) => {
    if (value instanceof Markup)
      throw refused(
        'it takes no text here that was made safe for HTML (`e`, `safe`, `tojson`)',
        'apply that filter last',
      )
    return safe(value, given, host)
  })
}

export function plainFilter(signature: string, run: Run): Filter {
  return safeFilter(signature, (value, ...rest) => run(unmarked(value), ...rest))
}

export function textFilter(signature: string, run: Run<string>): Filter {
  return plainFilter(signature, (value, args, budget, host) => run(textOf(value, budget), args, budget, host))
}

/** The same for a filter that gives safe text where it is given safe text; both are the same to `run`. */
export function markingFilter(signature: string, run: Run): Filter {
  return safeFilter(signature, (value, ...rest) => {
    const made = run(unmarked(value), ...rest)
    return value instanceof Markup && typeof made === 'string' ? new Markup(made) : made
  })
}

export function safeFilter(signature: string, run: Run): Filter {
  return lenientFilter(signature, (value, args, ...rest) => {
    for (const one of [value, ...args]) if (one instanceof Undefined) throw one.fault()
    return run(value, args, ...rest)
  })
}

export function lenientFilter(signature: string, run: Run): Filter {
  return withSignature(signature, (value, given, host) => {
    const args = bound(signature, given)
    // Whatever a filter does with a text, it may look at each of its characters.
    host.budget.spend([value, ...args].reduce<number>((sum, one) => sum + lengthOfText(one), 0) >> 8)
    return run(value, args, host.budget, host)
  })
}

function lengthOfText(value: Value | undefined) {
  return typeof value === 'string' ? value.length : value instanceof Markup ? value.text.length : 0
}

function withSignature(
  signature: string,
  run: (value: Value, given: CallArguments, host: TemplateRuntime) => Value,
): Filter {
  return Object.assign(run, { signature })
}

export type Method<Self> = (self: Self, given: CallArguments, host: TemplateRuntime) => Value

export function method<Self>(signature: string, run: Run<Self>): Method<Self> {
  return (self, given, host) => run(self, bound(signature, given), host.budget, host)
}

export function prefixed<One>(all: Readonly<Record<string, One>>, ...collections: readonly string[]) {
  const named = collections.flatMap((collection) =>
    Object.entries(all).map(([name, one]) => [`${collection}.${name}`, one] as const),
  )
  return Object.fromEntries(named)
}
