import { refused, wrong } from '../fault.ts'
import { pairsOf } from '../value/methods.ts'
import { Callable, Dict, type Given, Range, type Value } from '../value/value.ts'
import { bound, wholeIn } from './arguments.ts'
import { Cycler, joiner, Namespace } from './things.ts'

/** What a template can call without being given it. */
const CALLS: Readonly<Record<string, (given: Given) => Value>> = {
  range: (given) => {
    const [first, second, third] = bound('start stop? step?', given)
    const isOne = second === undefined
    return new Range(
      isOne ? 0n : wholeIn(first),
      wholeIn(isOne ? first : second),
      third === undefined ? 1n : wholeIn(third),
    )
  },
  dict: (given) => {
    const [pairs, named] = bound('pairs? **named', given)
    return new Dict([...pairsOf(pairs), ...pairsOf(named)])
  },
  namespace: (given) => {
    const [pairs, named] = bound('pairs? **named', given)
    return new Namespace([...pairsOf(pairs), ...pairsOf(named)].map(([key, value]) => [nameIn(key), value]))
  },
  cycler: ({ positional }) => new Cycler(positional),
  joiner: (given) => joiner(bound('sep?', given)[0] ?? ', '),
}

function nameIn(key: Value): string {
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

/** The names of what every template can call. */
export const GLOBAL_NAMES: readonly string[] = Object.keys(CALLS)

/** What every template can call, and what is refused by name when it is called. */
export function globalNames(): [string, Value][] {
  const calls = Object.entries(CALLS).map(([name, call]): [string, Value] => [name, new Callable(name, call)])
  const refusals = Object.entries(REFUSED_GLOBALS).map(([name, why]): [string, Value] => [
    name,
    new Callable(name, () => refuse(name, why)),
  ])
  return [...calls, ...refusals]
}

function refuse(name: string, why: string): never {
  throw refused(`\`${name}\` is not rendered here: ${why}`, 'give the value as a parameter')
}
