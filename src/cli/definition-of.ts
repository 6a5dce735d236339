import type { DeviceTarget } from '../device/transport.ts'
import type { InventoryDevice } from '../inventory/inventory.ts'
import { digestOf } from '../model/digest.ts'
import type { Json } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { PlanDefinition } from '../plan/definition.ts'
import { type Prepared, planTimers } from '../plan/prepare.ts'
import { VERSION } from '../version.ts'

/** Who plans, when, and under which key. */
export interface PlanOccasion {
  readonly requester: Principal
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly key: string
  readonly offline: boolean
}

/** What a plan takes from a prepared workflow. */
export function definitionOf(prepared: Prepared, occasion: PlanOccasion): PlanDefinition {
  const { workflow, params, devices, rollout, checks, digest } = prepared
  return {
    workflow: { name: workflow.name, file: workflow.file, digest, params },
    targets: devices.map(targetOf),
    rollout,
    ...planTimers(workflow),
    checks: checks as unknown as Json,
    approve: workflow.approve === null ? null : { expires: workflow.approve.expires },
    allow: workflow.allow,
    policy: null,
    toolVersion: VERSION,
    ...occasion,
  }
}

/** Where and how a switch of the inventory is reached: what a plan fixes of it, and a connection needs. */
export function targetOf(device: InventoryDevice): DeviceTarget {
  const { credentials: _user, readCredentials: _reader, tags: _tags, ...target } = device
  return target
}

/** Whether switches are reached in the same way, whatever order a file holds the members in. */
export function sameTargets(a: readonly DeviceTarget[], b: readonly DeviceTarget[]): boolean {
  // Members of interfaces that are JSON throughout, which an interface cannot say.
  return digestOf(a as unknown as Json) === digestOf(b as unknown as Json)
}
