import type { Json, JsonObject } from '../../model/json.ts'

export type HistoryEvent = {
  readonly id: number
  readonly previousEventId: number
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly type: string
} & { readonly [details: `${string}EventDetails`]: JsonObject }

export function payload(name: 'input' | 'output', value: Json): JsonObject {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } }
}

/** The member that holds the details of a type of event: `PassStateEntered` and `stateEnteredEventDetails`. */
export function detailsKey(type: string): `${string}EventDetails` {
  const shared = /State(?:Entered|Exited)$/.exec(type)?.[0] ?? type
  return `${shared.charAt(0).toLowerCase()}${shared.slice(1)}EventDetails`
}
