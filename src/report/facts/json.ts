import { errorRecord } from '../../model/error.ts'
import type { ReadFacts } from './facts.ts'
import type { FactsDocument } from './result-schema.ts'

/** The facts of switches as one document, version 1. */
export function factsJson(read: readonly ReadFacts[]): string {
  const devices = read.map((one) => ('facts' in one ? one : { name: one.name, error: errorRecord(one.failure) }))
  const document: FactsDocument = { version: 1, kind: 'facts', switches: devices }
  return JSON.stringify(document)
}
