import type { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'

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
