import { Dict, type Value, wrong } from '../value/value.ts'

const DEPTH = 200

/**
 * A value of JavaScript as Python has it: a number without a fraction is a whole number, a mapping keeps its order. Throws
 * TemplateFault for what is no data, and for a whole number that JavaScript has rounded.
 */
export function valueFrom(given: unknown, depth = 0): Value {
  if (depth > DEPTH) throw wrong('the variables are nested too deep')
  if (given === null || typeof given === 'string' || typeof given === 'boolean' || typeof given === 'bigint')
    return given
  if (typeof given === 'number') return numberFrom(given)
  if (Array.isArray(given)) return given.map((item) => valueFrom(item, depth + 1))
  if (typeof given === 'object' && given !== undefined) {
    const entries = given instanceof Map ? [...given] : Object.entries(given)
    return new Dict(entries.map(([key, item]) => [valueFrom(key, depth + 1), valueFrom(item, depth + 1)]))
  }
  throw wrong(`a variable is a ${typeof given}`, 'give texts, numbers, lists and mappings')
}

function numberFrom(given: number): Value {
  if (!Number.isInteger(given) || Object.is(given, -0)) return given
  if (!Number.isSafeInteger(given))
    throw wrong(`the number ${given} has lost digits`, 'give it as a bigint, or as text')
  return BigInt(given)
}
