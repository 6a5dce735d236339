import type { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { ChainRow } from '../seal/chain.ts'
import { eventTypes, type JournalEvent } from './event.ts'

interface Reading {
  readonly of: { readonly schema: z.ZodType<JournalEvent> }
  records: number
}

// So many records of a type are read before Zod makes code of its schema: a command reads a few of each, and the code costs more than it saves
// then.
const READ_BEFORE_CODE = 50

const READING_OF: ReadonlyMap<unknown, Reading> = new Map(eventTypes.map((of) => [of.type, { of, records: 0 }]))

/** Throws as {@link parseEvent} does. */
export function recordIn({ seq, body }: Pick<ChainRow, 'seq' | 'body'>): JournalEvent {
  return { ...parseEvent(body), seq }
}

/** Throws `store`, by name, on a version, a type, a member or a word that this eosflow does not know: a newer one has written it; and on an event that is not as its type says. */
export function parseEvent(body: string): JournalEvent {
  return eventIn(parseObject(body))
}

export function eventIn(value: JsonObject): JournalEvent {
  const { v, type } = value
  if (v !== 1) {
    if (typeof v !== 'number' || v < 1) throw malformedRecord(`journal record: its version is ${JSON.stringify(v)}`)
    throw newerRecord(`a journal record of version ${v}, and this one reads version 1`)
  }
  const reading = READING_OF.get(type)
  if (reading === undefined) {
    if (typeof type !== 'string') throw malformedRecord(`journal record: its type is ${JSON.stringify(type)}`)
    throw newerRecord(`a journal record of the type ${JSON.stringify(type)}, which this one does not know`)
  }
  reading.records += 1
  const parsed = reading.of.schema.safeParse(value, { jitless: reading.records < READ_BEFORE_CODE, reportInput: true })
  if (!parsed.success) throw unreadableRecord(String(type), parsed.error.issues[0])
  return parsed.data
}

function parseObject(body: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(body) as Json
  } catch (cause) {
    throw new EosflowError('store', 'a journal record is not JSON', { cause })
  }
  if (!isJsonObject(value)) throw new EosflowError('store', 'a journal record is not a JSON object')
  return value
}

export function unreadableRecord(type: string, issue: z.core.$ZodIssue | undefined): EosflowError {
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  switch (issue?.code) {
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ')
      return newerRecord(`${type} with ${keys}${place}, which this one does not know, or it is malformed`)
    }
    case 'invalid_value': {
      const [reads] = issue.values
      if (isBefore(issue.input, reads)) return formerRecord(`${type} with ${issue.input}${place}`, reads)
      return newerRecord(`${type} with a value${place} that this one does not know, or it is malformed`)
    }
    case 'invalid_union':
      return newerRecord(`${type} with a value${place} that this one does not know, or it is malformed`)
    default:
      return malformedRecord(`${type} in the journal${place}: ${issue?.message ?? 'unreadable'}`)
  }
}

function isBefore(found: unknown, reads: unknown) {
  return typeof found === 'number' && typeof reads === 'number' && found >= 1 && found < reads
}

// A record in a form that eosflow had before its first release (ADR 0096).
function formerRecord(what: string, reads: unknown) {
  return new EosflowError('store', `no release of eosflow has written ${what}: this one reads ${reads}`, {
    hint: 'Export the record with the eosflow that wrote it (eosflow audit export), and begin another store: eosflow init.',
  })
}

export function newerRecord(what: string): EosflowError {
  return new EosflowError('store', `a newer version of eosflow has written ${what}`, {
    hint: 'Update eosflow on this machine. Where it is a worker, start one of the new version and drain this one.',
  })
}

export function malformedRecord(what: string): EosflowError {
  return new EosflowError('store', `malformed ${what}`)
}
