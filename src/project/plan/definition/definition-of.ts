import type { Budget } from '../../../change/inventory/budget-settings.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { type KnownAdvisories, parseAdvisories, SHIPPED_ADVISORIES } from '../../../change/plan/advisories.ts'
import { invariantsOf } from '../../../change/plan/invariants.ts'
import { sealReadings } from '../../../change/plan/inventory-read.ts'
import type { Plan, PlanDefinition, PlanSealing } from '../../../change/plan/plan.ts'
import { type PreparedChange, planTimers } from '../../../change/plan/prepare.ts'
import { noteSelectors } from '../../../change/plan/selection-readings.ts'
import { countedGroups } from '../../../change/plan/under-change.ts'
import { anyReadsChange } from '../../../change/policy/change-match.ts'
import { rulesReading } from '../../../change/policy/explain.ts'
import type { Policy } from '../../../change/policy/policy.ts'
import { letsCarry } from '../../../change/policy/window.ts'
import type { DeviceTarget } from '../../../eos/device/transport.ts'
import type { CheckpointRule } from '../../../model/checkpoint-rule.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { digestOf } from '../../../model/digest.ts'
import type { Json } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Principal } from '../../../model/principal.ts'
import { VERSION } from '../../../model/version.ts'
import type { RecordApp } from '../../app/app.ts'
import type { LoadedInvariants } from '../../files/loaded-invariants.ts'
import type { Project } from '../../files/project.ts'
import { branchOf } from '../../switches/inventory/netbox-branch.ts'
import { problemText } from '../../system/process/input-error.ts'

const shipped = once(() => readAdvisories(SHIPPED_ADVISORIES, 'the shipped advisories'))

export function advisoriesOf({ settings, files }: Pick<Project, 'settings' | 'files'>): KnownAdvisories {
  const { advisories: file } = settings.plan
  if (file === undefined) return shipped()
  const content = files(file)
  return content === undefined ? { unread: `there is no file ${file}` } : readAdvisories(content, file)
}

function readAdvisories(content: string | Uint8Array, file: string): KnownAdvisories {
  const read = parseAdvisories(content, file)
  return read.ok ? read.value : { unread: problemText(read.problems[0]) }
}

export interface PlanOccasion {
  readonly requester: Principal
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly key: string
  readonly sealing?: PlanSealing
  readonly offline: boolean
  readonly lacked?: readonly string[]
  /** The digest of the policy that it is made under; null in local mode. */
  readonly policy: string | null
  /** What the rules of the policy that read the change make of it; absent where none reads it. */
  readonly readByRules?: NonNullable<PlanDefinition['readByRules']>
  readonly branch: PlanDefinition['branch'] | undefined
  readonly isGateUnasked?: true
  readonly carries?: true
  readonly invariants: LoadedInvariants | undefined
  /** What becomes of old checkpoints, unless the workflow says it. */
  readonly checkpoints: CheckpointRule
  /** Whether switches are asked what is behind what changes. */
  readonly behind?: boolean
  readonly advisories?: KnownAdvisories
  readonly maxUnderChange: readonly Budget[]
  readonly scrub?: (text: string) => string
}

export function definitionOf(prepared: PreparedChange, occasion: PlanOccasion): PlanDefinition {
  const {
    workflow,
    params,
    devices,
    rollout,
    beside,
    checks,
    judges,
    around,
    probes,
    askedAt,
    digest,
    secretRefs,
    inventory,
    commit,
    changeFile,
  } = prepared
  const { readings, fabric, ...asked } = inventory
  const { maxUnderChange, invariants, branch, ...when } = occasion
  const budgets = countedGroups(maxUnderChange, devices)
  const selectors = invariants?.invariants.flatMap(({ selector }) => selector ?? []) ?? []
  noteSelectors(readings, devices, selectors)
  const { read, places } = sealReadings(occasion.key, readings, fabric)
  return {
    workflow: { name: workflow.name, file: workflow.file, digest, params, ...definedMembers({ commit }) },
    ...definedMembers({ changeFile }),
    inventory: {
      content: { read, ...asked },
      evidence: { ...(Object.keys(places).length === 0 ? {} : { readAt: places }), files: fileDigests(prepared) },
    },
    targets: devices.map(targetOf),
    credentials: Object.fromEntries(devices.map(({ name, credentials }) => [name, credentials])),
    rollout,
    beside,
    ...planTimers(workflow),
    checks: checks as unknown as Json,
    ...(judges.length === 0 ? {} : { judges }),
    ...(around.length === 0 ? {} : { around }),
    ...(probes.length === 0 ? {} : { probes }),
    askedAt,
    ...definedMembers({ after: workflow.after }),
    approve: approveOf(workflow),
    allow: workflow.allow,
    ...(secretRefs.length === 0 ? {} : { secretRefs }),
    toolVersion: VERSION,
    ...(occasion.policy === null ? {} : { tags: Object.fromEntries(devices.map(({ name, tags }) => [name, tags])) }),
    ...(budgets.length === 0 ? {} : { budgets }),
    ...(invariants === undefined ? {} : { invariants: plannedInvariants(invariants, devices) }),
    ...when,
    ...definedMembers({ branch }),
    checkpoints: workflow.checkpoints ?? occasion.checkpoints,
  }
}

export function fileDigests({ sources }: Pick<PreparedChange, 'sources'>): Readonly<Record<string, string>> {
  return Object.fromEntries(sources.map(({ file, text }) => [file, digestOf(text)]))
}

function plannedInvariants(
  { invariants, digest, isUndo }: LoadedInvariants,
  devices: readonly InventoryDevice[],
): NonNullable<PlanDefinition['invariants']> {
  return { digest, of: invariantsOf(invariants, devices), ...definedMembers({ isUndo }) }
}

/** What a plan takes from a change as the project's files and settings give it now, with what it is scrubbed and sealed by, under an install key. */
export function definitionHere(
  app: RecordApp,
  prepared: PreparedChange,
  requester: Principal,
  key: string,
): PlanDefinition {
  const { project } = app
  const loaded = project.policy()
  return definitionOf(prepared, {
    requester,
    createdAt: new Date(app.clock.now()).toISOString(),
    key,
    offline: false,
    policy: loaded?.digest ?? null,
    ...(loaded === undefined ? {} : readingRules(loaded.policy, prepared)),
    ...(letsCarry(loaded?.policy) ? { carries: true } : {}),
    branch: branchOf(project),
    invariants: project.invariants(),
    checkpoints: project.settings.checkpoints,
    behind: project.settings.plan.behind,
    advisories: advisoriesOf(project),
    maxUnderChange: project.settings.maxUnderChange,
    scrub: (text) => app.scrubber.scrub(text),
    sealing: sealingOf(app),
  })
}

export function readingRules(
  policy: Policy,
  { devices, workflow }: Pick<PreparedChange, 'devices' | 'workflow'>,
): { readonly readByRules?: NonNullable<PlanDefinition['readByRules']> } {
  if (!anyReadsChange(policy)) return {}
  return {
    readByRules: (change) =>
      rulesReading(
        policy,
        change,
        devices.filter(({ name }) => change.switches.has(name)),
        workflow.file,
      ),
  }
}

function approveOf({ approve }: PreparedChange['workflow']): PlanDefinition['approve'] {
  if (approve === null) return null
  const { expires, from, count, notRequester } = approve
  return {
    expires,
    ...(from.length === 0 ? {} : { from }),
    ...(count === 1 ? {} : { count }),
    ...(notRequester ? { notRequester } : {}),
  }
}

/** The jump hosts on the way are no part of that: who is reached is decided by the certificate or the host key, the serial number and the system MAC. */
export function targetOf(device: InventoryDevice): DeviceTarget {
  const {
    credentials: _user,
    readCredentials: _reader,
    tags: _tags,
    groups: _in,
    vars: _vars,
    lab: _lab,
    via: _way,
    ...target
  } = device
  if (!('fallback' in target)) return target
  // A change never goes over the fallback, so it is no part of where a plan is for.
  const { fallback: _fallback, ...own } = target
  return own
}

export function sameSecretRefs({ content }: Plan, secretRefs: readonly string[]): boolean {
  return digestOf(content.secretRefs ?? []) === digestOf(secretRefs)
}

export function sameTargets(a: readonly DeviceTarget[], b: readonly DeviceTarget[]): boolean {
  // Members of interfaces that are JSON throughout, which an interface cannot say.
  return digestOf(a as unknown as Json) === digestOf(b as unknown as Json)
}

/** Makes the plan key the first time. Throws `store`. */
export function sealingOf({ keys, store, project }: Pick<RecordApp, 'keys' | 'store' | 'project'>): PlanSealing {
  return {
    key: keys.readOrMake('plan').key,
    store: project.settings.approvals.store ?? store.id,
    anyStore: project.policy()?.policy.approvals === 'anyStore',
  }
}
