import { bound, wholeIn } from '../call/arguments.ts'
import { pairsOf } from '../object/methods.ts'
import type { Budget } from '../value/budget.ts'
import { refused, type TemplateFault, wrong } from '../value/fault.ts'
import { type CallArguments, Callable, Dict, Range, type Value } from '../value/value.ts'
import { Cycler, joiner, Namespace } from './things.ts'

interface Global {
  readonly signature: string
  readonly run: (given: CallArguments, signature: string, budget: Budget) => Value
}

const GLOBALS: Readonly<Record<string, Global>> = {
  range: {
    signature: 'start stop? step?',
    run: (given, signature) => {
      const [first, second, third] = bound(signature, given)
      const isOne = second === undefined
      return new Range(
        isOne ? 0n : wholeIn(first),
        wholeIn(isOne ? first : second),
        third === undefined ? 1n : wholeIn(third),
      )
    },
  },
  dict: {
    signature: 'pairs? **named',
    run: (given, signature, budget) => {
      const [pairs, named] = bound(signature, given)
      return new Dict([...pairsOf(pairs, budget), ...pairsOf(named, budget)])
    },
  },
  namespace: {
    signature: 'pairs? **named',
    run: (given, signature, budget) => {
      const [pairs, named] = bound(signature, given)
      return new Namespace(
        [...pairsOf(pairs, budget), ...pairsOf(named, budget)].map(([key, value]) => [nameIn(key), value]),
      )
    },
  },
  cycler: { signature: '*items', run: ({ positional }) => new Cycler(positional) },
  joiner: { signature: 'sep?', run: (given, signature) => joiner(bound(signature, given)[0] ?? ', ') },
}

function nameIn(key: Value) {
  if (typeof key === 'string') return key
  throw wrong('a namespace has names for its members')
}

/** What Ansible or Jinja2 has and this renderer refuses, and why: the same template must render the same text tomorrow and elsewhere. */
export const REFUSED_GLOBALS: Readonly<Record<string, string>> = {
  lookup: 'it reads files, programs and services while it renders',
  query: 'it reads files, programs and services while it renders',
  q: 'it reads files, programs and services while it renders',
  now: 'it renders another text at another time',
  lipsum: 'it renders another text each time',
  undef: 'it makes values that are not there',
}

export const GLOBAL_NAMES: readonly string[] = Object.keys(GLOBALS)

export function globalSignature(name: string): string | undefined {
  return Object.hasOwn(GLOBALS, name) ? GLOBALS[name]?.signature : undefined
}

export function globalNames(budget: Budget): [string, Value][] {
  const calls = Object.entries(GLOBALS).map(([name, { signature, run }]): [string, Value] => [
    name,
    new Callable(name, (given) => run(given, signature, budget)),
  ])
  const refusals = Object.entries(REFUSED_GLOBALS).map(([name, why]): [string, Value] => [
    name,
    new Callable(name, () => {
      throw refusedCall(name, why)
    }),
  ])
  return [...calls, ...refusals]
}

/** The fault of a call that Ansible or Jinja2 has and this renderer refuses. */
export function refusedCall(name: string, why: string): TemplateFault {
  return refused(`\`${name}\` is not rendered here: ${why}`, 'give the value as a parameter')
}
