import type { DeviceTarget } from '../device/transport.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { PlanContent } from './plan.ts'

/** Everything a plan takes from the project's files and from who asks for it. Times are in seconds. */
export interface PlanDefinition {
  readonly workflow: {
    readonly name: string
    readonly file: string
    readonly digest: string
    readonly params: JsonObject
  }
  /** The selected switches, in inventory order. */
  readonly targets: readonly DeviceTarget[]
  /** All selected switches in waves; the plan keeps those that change. */
  readonly waves: readonly (readonly string[])[]
  /** Switches that back each other up, by the value of the `keepApart` tag. */
  readonly redundant: Readonly<Record<string, string>>
  readonly concurrency: number
  readonly maxFailures: number
  readonly timers: PlanContent['timers']
  readonly checks: Json
  readonly approve: { readonly expires: number } | null
  readonly allow: readonly string[]
  readonly policy: string | null
  readonly offline: boolean
  readonly requester: Principal
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly toolVersion: string
  /** The key of every digest over raw switch text. */
  readonly key: string
}
