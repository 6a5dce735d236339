import { nameOfKey, writtenKeys } from '../../../model/map-keys.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { YamlFault } from '../../yaml-1-1/fault.ts'
import { NoJson, pythonJson } from '../../yaml-1-1/json-reader.ts'
import { strictYaml11 } from '../../yaml-1-1/read.ts'
import { wholeFrom } from '../syntax/number.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { Dict, type Value } from '../value/value.ts'
import { valueFrom } from './from-variables.ts'

/** Throws TemplateFault for other text, for what has no value here (a timestamp, a tag of Python or of Ansible), and for keys that differ in their type alone. */
export function parsedYaml(text: string, budget: Budget): Value {
  budget.grow(text.length)
  budget.spend(text.length >> 2)
  try {
    return valueMadeOf(strictYaml11(text), budget)
  } catch (thrown) {
    if (!(thrown instanceof YamlFault)) throw thrown
    const { line, column } = thrown.mark
    throw wrong(`the text is no YAML: ${thrown.message}`, `see its line ${line}, character ${column}`)
  }
}

/** The value of a JSON text, exactly: 1 is a whole number of any size, 1.0 is a float. Throws TemplateFault for other text. */
export function parsedJson(text: string): Value {
  try {
    return valueMadeOf(pythonJson(text, { tags: new Map(), markDepth: 0 }, wholeFrom))
  } catch (thrown) {
    if (!(thrown instanceof NoJson)) throw thrown
    throw wrong(thrown.message, `see character ${thrown.at + 1}`)
  }
}

function valueMadeOf(strict: unknown, budget?: Budget): Value {
  const done = new Map<object, Value>()

  function value(read: unknown): Value {
    budget?.spend()
    if (read instanceof WholeFloat) return read.value
    if (typeof read !== 'object' || read === null) return valueFrom(read)
    const known = done.get(read)
    if (known !== undefined) return known
    const made = Array.isArray(read) ? read.map((item) => value(item)) : dict(read)
    done.set(read, made)
    return made
  }

  function dict(read: object): Dict {
    const named = read as Readonly<Record<string, unknown>>
    return new Dict(writtenKeys(read).map((key) => [value(key), value(named[nameOfKey(key)])] as const))
  }

  return value(strict)
}
