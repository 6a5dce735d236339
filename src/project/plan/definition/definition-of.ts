import type { Budget } from '../../../change/inventory/budget-settings.ts'
import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { seenFabric } from '../../../change/inventory/seen-device.ts'
import { shownSelector } from '../../../change/inventory/selector.ts'
import { type KnownAdvisories, parseAdvisories, SHIPPED_ADVISORIES } from '../../../change/plan/advisories.ts'
import type { PlanDefinition, PlanSealing } from '../../../change/plan/definition.ts'
import { invariantsOf } from '../../../change/plan/invariants.ts'
import type { Plan, PlanContent } from '../../../change/plan/plan.ts'
import {
  type AskedSwitches,
  noteSelectors,
  type PreparedChange,
  planTimers,
  prepare,
  selectedTargets,
} from '../../../change/plan/prepare.ts'
import { type ChangedDatum, movedData, sealReadings } from '../../../change/plan/readings.ts'
import { keyOfPlan } from '../../../change/plan/seal.ts'
import { countedGroups } from '../../../change/plan/under-change.ts'
import { rulesReading } from '../../../change/policy/explain.ts'
import { anyReadsChange, type Policy } from '../../../change/policy/policy.ts'
import { letsCarry } from '../../../change/policy/window.ts'
import { filedChange } from '../../../change/workflow/change-file.ts'
import type { GivenParams } from '../../../change/workflow/param/read.ts'
import type { DeviceTarget } from '../../../eos/device/device.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import type { CheckpointRule } from '../../../model/checkpoint-rule.ts'
import { digestOf } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey } from '../../../model/install-keys.ts'
import { definedMembers, type Json, type JsonObject } from '../../../model/json.ts'
import { type LazyMap, once } from '../../../model/once.ts'
import type { Principal } from '../../../model/principal.ts'
import { VERSION } from '../../../model/version.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import type { RecordApp } from '../../app/app.ts'
import { withoutFailover } from '../../files/failover.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import type { LoadedInvariants } from '../../files/loaded-invariants.ts'
import type { Project } from '../../files/project.ts'
import { branchOf } from '../../switches/inventory/refresh-sources.ts'
import { InputError, orProblems, problemText } from '../../system/process/input-error.ts'

export interface AskedChange {
  readonly file: string
  readonly params: JsonObject
  readonly changeFile?: Pick<ChangeTerms, 'file'> | undefined
}

export function askedBy({ workflow, changeFile }: Pick<PlanContent, 'workflow' | 'changeFile'>): AskedChange {
  return { file: workflow.file, params: workflow.params, changeFile }
}

/** A workflow as its files are now, for the parameters and the switches that something was made for before. Throws `stale`. */
export function preparedAgain(
  project: Project,
  { file, params, changeFile }: AskedChange,
  switches: readonly string[],
  asked: AskedSwitches,
): PreparedChange {
  return staleIfBad(() =>
    orProblems(
      prepare({
        workflow: withoutFailover(loadWorkflow(project, file)),
        given: recordedParams(params),
        inventory: project.inventory(),
        switches,
        asked,
        files: project.files,
        ...(changeFile === undefined ? {} : { changeFile: orProblems(filedChange(project.files, changeFile.file)) }),
      }),
    ),
  )
}

/** Gives what `work` gives; what cannot be read any more where it could be before is `stale`, not bad input. */
export function staleIfBad<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const problems = error.problems.map(problemText).join('\n')
    throw new EosflowError('stale', `the project's files no longer read as they did:\n${problems}`, {
      hint: 'Plan again and have the new plan approved.',
      cause: error,
    })
  }
}

function recordedParams(params: JsonObject): GivenParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' ? locatedNowhere(value, `params.${name}`) : JSON.stringify(value),
    ]),
  )
}

const MOST = 10

/** What in the inventory has changed since a plan was made from it, a sentence each: switches that are gone, that the workflow is no longer for or is for now, and data that were read. Without the key that the plan was made under, data are not compared. */
export function movedSince(
  project: Project,
  key: string | undefined,
  plan: Plan,
  inventory: Inventory,
  fabric: LazyMap = seenFabric(inventory),
): readonly string[] {
  const gone = switchesIn(plan).filter((name) => fabric.member(name) === undefined)
  const data = (key === undefined ? [] : movedData(key, plan, fabric)).filter(({ device }) => !gone.includes(device))
  return [
    ...gone.map((name) => `${name}: it is no longer in the inventory`),
    ...otherTargets(project, plan, inventory, new Set(gone)),
    ...data.map(({ message }) => message),
  ]
}

/** Asks for {@link movedSince} a plan was made, of which at most ten are named: looked up once for each plan and each state of the inventory file. */
export function movedNow(project: Project, key: InstallKey): (plan: Plan) => readonly string[] {
  let last: { readonly inventory: Inventory; readonly digest: string; readonly moved: readonly string[] } | undefined
  return (plan) => {
    const inventory = project.inventory()
    if (last?.inventory !== inventory || last.digest !== plan.digest) {
      last = {
        inventory,
        digest: plan.digest,
        moved: fewOf(movedSince(project, keyOfPlan(key, plan), plan, inventory)),
      }
    }
    return [...movedInvariants(project, plan), ...last.moved]
  }
}

function fewOf(moved: readonly string[]) {
  return moved.length <= MOST ? moved : [...moved.slice(0, MOST), `and ${moved.length - MOST} more`]
}

/** Throws `stale`, and names what has moved, unless the inventory still is what a plan was made from. */
export function requireUnmoved(...given: Parameters<typeof movedSince>): void {
  const moved = movedSince(...given)
  if (moved.length === 0) return
  throw new EosflowError('stale', fewOf(moved).join('\n'), {
    hint: 'Plan again and have the new plan approved.',
  })
}

// An inventory that expressions of states see, and what of it has changed since the plan was made.
interface Sighted {
  readonly plan: Plan | undefined
  readonly fabric: LazyMap
  readonly moved: readonly ChangedDatum[]
}

/** Before there is a plan they are those of the inventory as it is; then as it was when they were first read for the plan: of a switch of which something had moved by then nothing is read, and reading throws `stale` and names it. */
export function plannedFabric(
  { project, key }: { readonly project: Pick<Project, 'inventory' | 'settings'>; readonly key: InstallKey },
  plan: () => Plan | undefined,
): LazyMap {
  let last: Sighted | undefined
  const sighted = () => {
    const made = plan()
    if (last !== undefined && made !== undefined && last.plan === made) return last
    const fabric = seenFabric(project.inventory())
    last = { plan: made, fabric, moved: made === undefined ? [] : movedData(keyOfPlan(key, made), made, fabric) }
    return last
  }
  return {
    kind: 'map',
    at: { file: project.settings.inventory, line: 1, column: 1 },
    keys: () => sighted().fabric.keys(),
    member: (name) => {
      const { fabric, moved } = sighted()
      const ofIt = moved.filter(({ device }) => device === name).map(({ message }) => message)
      if (ofIt.length === 0) return fabric.member(name)
      throw new EosflowError('stale', fewOf(ofIt).join('\n'), {
        device: name,
        hint: 'Plan again and have the new plan approved.',
      })
    },
  }
}

function otherTargets(project: Project, plan: Plan, inventory: Inventory, gone: ReadonlySet<string>) {
  const { only, exact } = plan.content.inventory
  const workflow = workflowNow(project, plan)
  if (workflow === undefined) return []
  const { expression } = workflow.targets
  const selected = selectedTargets(workflow, inventory, exact === true || only === undefined ? {} : { only })
  const fitting = new Set(selected.ok ? selected.value.map(({ name }) => name) : [])
  const planned = switchesIn(plan)
  const known = new Set(planned)
  const what = only === undefined ? `\`${expression}\`` : `\`${expression}\` and \`${shownSelector(only)}\``
  return [
    ...planned
      .filter((name) => !(fitting.has(name) || gone.has(name)))
      .map((name) => `${name}: ${what} no longer selects it`),
    ...(exact === true ? [] : [...fitting])
      .filter((name) => !known.has(name))
      .map((name) => `${name}: ${what} selects it now, and the plan is without it`),
  ]
}

function workflowNow(project: Project, { content }: Plan) {
  try {
    return loadWorkflow(project, content.workflow.file)
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

function switchesIn({ content: { devices, leftOut = [] } }: Plan) {
  return [...devices, ...leftOut].map(({ name }) => name)
}

function movedInvariants(project: Pick<Project, 'invariants'>, { content }: Pick<Plan, 'content'>): readonly string[] {
  try {
    return content.invariants === project.invariants()?.digest
      ? []
      : ['the invariants have changed since the plan was made']
  } catch (error) {
    if (error instanceof InputError) return ['the invariants can no longer be read']
    throw error
  }
}

/** Throws `stale` where a plan was judged by other invariants than the project has now. */
export function requireSameInvariants(...given: Parameters<typeof movedInvariants>): void {
  const [moved] = movedInvariants(...given)
  if (moved === undefined) return
  throw new EosflowError('stale', moved, { hint: 'Plan again and have the new plan approved.' })
}

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
    parts,
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
    ...(parts.length === 0 ? {} : { parts }),
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
