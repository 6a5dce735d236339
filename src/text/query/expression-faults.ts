import { namesOf, parse, refusedIn, unknownFunctions, variablesIn } from './names.ts'

const CHANCE: readonly string[] = ['random', 'uuid', 'shuffle']

/** What is wrong with the expression of an assertion, each fault with the character at which it is found, from 1. */
export function expressionFaults(text: string): readonly string[] {
  const parsed = parse(text)
  if (!parsed.ok) return [at(parsed.position, parsed.message)]
  const names = namesOf(parsed.root)
  const called = new Set(names.called.map(({ name }) => name))
  return [
    ...refusedIn(parsed.root, names).map(({ message, position }) => at(position, message)),
    ...unknownFunctions(names).map(({ message, position, hint }) =>
      at(position, hint ? `${message} ${hint}` : message),
    ),
    ...variablesIn(names)
      .filter(({ name }) => !called.has(name))
      .map(({ name, position }) => at(position, `There is no variable $${name}: names are read of the answer.`)),
    ...names.free
      .filter(({ name }) => CHANCE.includes(name))
      .map(({ name, position }) => at(position, `$${name} is refused: an assertion says the same of the same answer.`)),
  ]
}

/** What an expression compares, where a comparison is the whole of it: `memFree` of `memFree > 100000`. */
export function comparedIn(text: string): string | undefined {
  const parsed = parse(text)
  if (!parsed.ok) return undefined
  const { type, value, position } = parsed.root
  const operator = String(value)
  if (type !== 'binary' || position === undefined) return undefined
  return ['=', '!=', '<', '<=', '>', '>=', 'in'].includes(operator)
    ? text.slice(0, position - operator.length).trim()
    : undefined
}

function at(position: number, message: string) {
  return `at character ${position + 1}: ${message}`
}
