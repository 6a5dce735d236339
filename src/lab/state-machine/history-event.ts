import type { Json, JsonObject } from '../../model/json.ts'

/**
 * One event of a history as Step Functions lists it (docs.aws.amazon.com, API reference, HistoryEvent): payloads are JSON
 * text, `previousEventId` is what led to it, and the details stand in a member named after the type.
 */
export type HistoryEvent = {
  /** From 1. */
  readonly id: number
  readonly previousEventId: number
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly type: string
} & { readonly [details: `${string}EventDetails`]: JsonObject }

/** A payload as details hold it: JSON text, and the note that it is whole. */
export function payload(name: 'input' | 'output', value: Json): JsonObject {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } }
}

/** The member that holds the details of a type of event: `PassStateEntered` and `stateEnteredEventDetails`. */
export function detailsKey(type: string): `${string}EventDetails` {
  const shared = /State(?:Entered|Exited)$/.exec(type)?.[0] ?? type
  return `${shared.charAt(0).toLowerCase()}${shared.slice(1)}EventDetails`
}
