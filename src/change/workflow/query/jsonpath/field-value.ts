import type { Json } from '../../../../model/json.ts'
import type { Source } from '../../machine/machine.ts'
import type { Want } from '../language/language.ts'
import { QueryFault } from '../language/query-fault.ts'
import { shownJson } from './shown-json.ts'
import { instantOf } from './timestamp.ts'

export interface Field {
  readonly name: string
  readonly source: Source
  /** Milliseconds since the epoch, from which waits are counted. */
  readonly now: number
}

type Check = (value: Json, field: Field) => Json

// The longest wait: AWS counts it in a signed 32-bit number of seconds (recorded: 24,855 days will do, 24,856 will not).
const MAX_WAIT_SECONDS = 2 ** 31 - 1

/** Throws QueryFault States.Runtime in AWS's words. */
export function fieldValue(value: Json, want: Want, field: Field): Json {
  const check = field.name.startsWith('ToleratedFailurePercentage') ? percentage : CHECKS[want]
  return check(value, field)
}

const CHECKS: Readonly<Record<Want, Check>> = {
  any: (value) => value,
  array,
  boolean: ofType('boolean'),
  string: ofType('string'),
  timestamp,
  count,
  seconds,
}

const runtime = (cause: string) => new QueryFault('States.Runtime', cause)

const printed = (value: Json) => (typeof value === 'string' ? value : shownJson(value))

const pathOf = ({ source }: Field) => (source.from === 'path' ? source.path : '$')

function ofType(type: 'boolean' | 'string'): Check {
  return (value, field) => {
    if (typeof value === type) return value
    throw runtime(`The ${field.name} field must be a ${type}, but was: ${shownJson(value)}`)
  }
}

function array(value: Json, field: Field): Json {
  if (Array.isArray(value)) return value
  throw runtime(`Reference path "${pathOf(field).replace(/^\$\$/, '$')}" must point to array.`)
}

function numberIn(value: Json, pattern: RegExp) {
  if (typeof value === 'number') return pattern.test(String(value)) ? value : undefined
  return typeof value === 'string' && pattern.test(value) ? Number(value) : undefined
}

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const notANumber = (value: Json, kind: string, field: Field) =>
  runtime(`The ${field.name} field refers to value "${printed(value)}" which is not a valid ${kind}: ${pathOf(field)}`)

function count(value: Json, field: Field): Json {
  const number = numberIn(value, INTEGER)
  if (number === undefined) throw notANumber(value, 'integer', field)
  if (number < 0) throw runtime(`${baseName(field)} cannot be negative.`)
  return number
}

function percentage(value: Json, field: Field): Json {
  const number = numberIn(value, DECIMAL)
  if (number === undefined) throw notANumber(value, 'float', field)
  if (number < 0 || number > 100) throw runtime(`${baseName(field)} must be between 0 and 100.`)
  return number
}

const baseName = (field: Field) => field.name.replace(/Path$/, '')

function seconds(value: Json, field: Field): Json {
  const number = numberIn(value, INTEGER)
  const shown = `${pathOf(field)} == ${printed(value)}`
  if (number === undefined) throw runtime(`The ${field.name} parameter cannot be parsed as a long value: ${shown}`)
  if (number < 0) throw runtime(`The ${field.name} parameter references a negative value: ${shown}`)
  if (number > MAX_WAIT_SECONDS) throw runtime('Wait state delay is too long.')
  return number
}

function timestamp(value: Json, field: Field) {
  const instant = typeof value === 'string' ? instantOf(value) : undefined
  if (instant === undefined) {
    const what = 'does not reference a valid ISO-8601 extended offset date-time format string'
    throw runtime(`The ${field.name} parameter ${what}: ${pathOf(field)} == ${printed(value)}`)
  }
  if (Number(instant / 1_000_000n) - field.now > MAX_WAIT_SECONDS * 1000) throw runtime('Wait state delay is too long.')
  return value
}
