import { Buffer } from 'node:buffer'
import type { Json } from '../../model/json.ts'
import { QueryFault } from '../workflow/query/language/query-fault.ts'
import type { ExecutionState } from './state.ts'

/** Throws the state's error when a value is larger than the machine lets values be: States.DataLimitExceeded. */
export function requirePayload({ machine }: ExecutionState, value: Json, what: string): void {
  const limit = machine.payloadBytes
  if (limit === undefined || isSmall(value)) return
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= limit) return
  throw new QueryFault(
    'States.DataLimitExceeded',
    `The ${what} of ${bytes} bytes exceeds the ${limit} that a state may have.`,
  )
}

function isSmall(value: Json) {
  if (typeof value === 'string') return value.length < 1000
  return (
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) ? value.length : Object.keys(value).length) === 0
  )
}
