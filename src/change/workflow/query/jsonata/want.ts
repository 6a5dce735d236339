import type { Json } from '../../../../model/json.ts'
import { isExpression, textOf } from '../language/expression.ts'
import type { Want } from '../language/language.ts'
import { LONGEST_CAUSE, QueryFault } from '../language/query-fault.ts'
import { faultOf } from './evaluate.ts'

/** The JSON type that a field demands. */
const TYPES: Readonly<Record<Exclude<Want, 'any'>, string>> = {
  array: 'array',
  boolean: 'boolean',
  string: 'string',
  timestamp: 'string',
  count: 'number',
  seconds: 'number',
}

/**
 * The value of a field that demands a type, checked. `written` is what stands in the machine, to be named in the message.
 * Throws QueryFault, in the words that AWS was recorded with for arrays and timestamps.
 */
export function requireWanted(value: Json, want: Want, field: string, written: Json): Json {
  if (want === 'any') return value
  const expected = TYPES[want]
  const actual = typeOf(value)
  if (actual !== expected) {
    throw isExpression(written) ? unexpectedType(written, field, expected, value) : wrongLiteral(field, expected, value)
  }
  if (want === 'timestamp' && !isTimestamp(String(value))) {
    const what = 'cannot be parsed as an ISO-8601 extended offset date-time format string'
    throw fault(`The ${field} field ${what}: ${String(value)}`, field)
  }
  if ((want === 'count' || want === 'seconds') && !(Number.isSafeInteger(value) && Number(value) >= 0)) {
    throw fault(`The ${field} field must be a non-negative integer but was: ${String(value)}`, field)
  }
  return value
}

/** Recorded for `Items` with a string, a boolean, a number, an object and null. */
function unexpectedType(written: string, field: string, expected: string, value: Json): QueryFault {
  const was = `Expected '${expected}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`
  return faultOf(textOf(written).text, field, `returned an unexpected result type. ${was}`)
}

/** Recorded for the input of a Map without `Items`, which no field holds. */
function wrongLiteral(field: string, expected: string, value: Json): QueryFault {
  const text = JSON.stringify(value)
  if (field === 'input') return fault(`Map state input must be an ${expected} but was: ${text}`, undefined)
  return fault(`The ${field} field must be of type '${expected}', but was '${typeOf(value)}' for value: ${text}`, field)
}

function fault(cause: string, location: string | undefined): QueryFault {
  return new QueryFault('States.QueryEvaluationError', cause.slice(0, LONGEST_CAUSE), location)
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const EXTENDED_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d)$/

/** Whether a text is a date and time with an offset, of a day that there is (Java's ISO_OFFSET_DATE_TIME, without its years beyond 9999). */
function isTimestamp(text: string): boolean {
  const [, year, month, day] = EXTENDED_OFFSET.exec(text) ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}
