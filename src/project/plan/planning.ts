import type { Planner } from '../../change/engine/ports.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import { pinnedReferences } from '../../change/inventory/pinned-references.ts'
import { seenFabric } from '../../change/inventory/seen-device.ts'
import type { PlanDefinition } from '../../change/plan/definition.ts'
import { demandsOf } from '../../change/plan/demands.ts'
import { lackedState, lackedWords } from '../../change/plan/lacked-state.ts'
import { makePlan } from '../../change/plan/make-plan.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { isKernelMember } from '../../change/plan/plan.ts'
import { withGate } from '../../change/plan/policy-input.ts'
import { type AskedSwitches, type PreparedChange, prepareOne } from '../../change/plan/prepare.ts'
import { sightIn } from '../../change/plan/readings.ts'
import { isOwnSeal, keyOfPlan } from '../../change/plan/seal.ts'
import { plannedOf } from '../../change/plan/settled.ts'
import type { ComparedPart } from '../../change/policy/approval-case.ts'
import type { TemplateScope } from '../../change/workflow/template/change.ts'
import { canonicalJson } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { once } from '../../model/once.ts'
import { type Files, ofBundle, readOnce } from '../../text/source/files.ts'
import type { App, RecordApp } from '../app/app.ts'
import { withFetchedKey } from '../app/secrets/open-secrets.ts'
import { keysHere } from '../app/store/project-store.ts'
import { failoverOf } from '../files/failover.ts'
import { loadWorkflow } from '../files/load-workflow.ts'
import type { Project } from '../files/project.ts'
import { type KnownSources, knownSources } from '../files/sources/known-sources.ts'
import { keptApp, projectAt } from '../history/bundle/read-bundle.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { type Host, sharedInTurn, type WordedHost } from '../system/process/host.ts'
import { orProblems } from '../system/process/input-error.ts'
import { noSeams } from '../system/process/seams.ts'
import {
  askedBy,
  definitionHere,
  fileDigests,
  preparedAgain,
  requireSameInvariants,
  requireUnmoved,
  sameSecretRefs,
  sameTargets,
  staleIfBad,
  targetOf,
} from './definition/definition-of.ts'
import type { RunGate } from './gate/run-gate.ts'
import { intendedOf } from './intent/intended-of.ts'
import { noState, planFileOf, requireSameDigest } from './trusted-seal.ts'

const PLAN_AGAIN = 'Plan again and have the new plan approved.'

export type DefinitionNow = (device?: string) => string | null

/** The change as the project's files give it at the moment it is asked for: what was edited since the execution began, or since the plan was settled, shows as `stale`, whether or not it would change what is sent. */
export function planningFor(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
  { settled, gate }: { readonly settled: Plan | undefined; readonly gate: Pick<RunGate, 'reading'> },
): Planner {
  const { project } = app
  const key = settled === undefined ? app.key.text : keyOfPlan(app.key, settled)
  let sources: KnownSources | undefined
  let made: Plan | undefined
  const sightNow = settledInventory(app, settled, () => made)
  const together = sharedInTurn(
    (app.seams ?? noSeams).moment,
    () => state.file,
    async () => filesNow(project, state),
  )
  const scrub = (text: string) => app.scrubber.scrub(text)
  return {
    key,
    scrub,
    behind: project.settings.plan.behind,
    askedAt: () => preparedFor(app, state).askedAt,
    render: async (device) => {
      const { inventory, invariants, workflow, files } = await together(device)
      return staleIfBad(() => {
        // A datum that is gone is named before the change that cannot be rendered without it.
        const sight = sightNow(device, inventory())
        const plan = settled ?? made
        if (plan !== undefined) requireSameInvariants({ invariants }, plan)
        sources ??= knownSources(preparedFor(app, state))
        const { change, sources: texts } = orProblems(prepareOne(workflow(), state.params, sight, files))
        if (!sources.includes(texts)) throw definitionChanged(project, state)
        return change
      })
    },
    intended: (devices) => intendedOf(app, devices),
    make: async (evidence, neighbors, leftOut) => {
      const again = state.rebases === undefined ? {} : { rebases: state.rebases }
      const now = { ...definitionNow(app, caller, state, key), ...again }
      const definition = settled === undefined ? mayFailOver(project, now) : now
      made = makePlan(definition, evidence, neighbors, leftOut)
      const reading = await gate.reading(made)
      if (reading !== undefined) made = withGate(definition, made, reading)
      return made
    },
  }
}

function filesNow(project: Project, { file }: ExecutionState) {
  return {
    inventory: once(() => project.inventory()),
    invariants: once(() => project.invariants()),
    workflow: once(() => loadWorkflow(project, file)),
    files: readOnce(project.files),
  }
}

function mayFailOver(project: Project, definition: PlanDefinition) {
  const failover = failoverOf(project)
  if (failover === undefined) return definition
  const { terms } = definition
  return { ...definition, terms: { ...terms, timers: { ...terms.timers, failover } } }
}

/** What a plan takes from the project's files as they are now, with what it is scrubbed and sealed by, under an install key. Throws `stale`. */
export function definitionNow(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
  key: string = app.key.text,
): PlanDefinition {
  const prepared = preparedFor(app, state)
  return staleIfBad(() => definitionHere(app, prepared, state.requester ?? caller.principal, key))
}

export type DemandsOfPlan = (plan: Plan) => Readonly<Record<string, ComparedPart>>

/** Derives again what a plan demands, once for each plan. */
export function demandsNow(app: RecordApp, caller: SilentCaller, state: ExecutionState): DemandsOfPlan {
  const known = new Map<string, Readonly<Record<string, ComparedPart>>>()
  return (plan) => {
    const found = known.get(plan.digest) ?? derivedFor(app, caller, state, plan)
    if (found !== undefined) known.set(plan.digest, found)
    return found ?? {}
  }
}

/** Throws `stale` when a plan holds other checks than its workflow gives: nothing is judged by what somebody wrote into a file. */
export function requireSameChecks(settled: Plan, demands: DemandsOfPlan): void {
  const { checks, around, probes, after, ...others } = demands(settled)
  const parts = Object.entries(others).flatMap(([name, part]) => (isKernelMember(name) ? [] : [part]))
  if ([checks, ...parts, around, probes, after].every((one) => one === undefined || one.planned === one.found)) return
  throw new EosflowError('stale', 'the plan holds other checks than its workflow gives', { hint: PLAN_AGAIN })
}

function derivedFor(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
  plan: Plan,
): Readonly<Record<string, ComparedPart>> | undefined {
  const { content } = plan
  try {
    const demands = demandsOf(content, definitionNow(app, caller, state, keyOfPlan(app.key, plan)))
    const [planned, found] = [content.sites !== undefined, state.sites.isDivided].map(String)
    return { ...demands, sites: { planned: planned ?? null, found: found ?? null } }
  } catch (error) {
    // A policy that is gone is said where it is asked: a change that is live is put back then.
    if (error instanceof EosflowError && (error.kind === 'stale' || error.kind === 'not-authorised')) return undefined
    throw error
  }
}

// Throws `stale`.
function settledInventory(
  { project, key }: RecordApp,
  settled: Plan | undefined,
  made: () => Plan | undefined,
): (device: string, inventory: Inventory) => TemplateScope {
  let last: ReturnType<typeof lookedUp> | undefined
  let judged: Inventory | undefined
  return (device, inventory) => {
    if (last?.inventory !== inventory) last = lookedUp(inventory)
    const found = last.byName.get(device)
    if (found === undefined) throw new EosflowError('stale', `${device} is no longer in the inventory`, { device })
    if (settled !== undefined) requireSameTarget(settled, found)
    const plan = settled ?? made()
    if (plan !== undefined && judged !== inventory) {
      requireUnmoved(project, keyOfPlan(key, plan), plan, inventory, last.fabric)
      if (settled !== undefined) requireSameSecrets(settled, inventory)
      judged = inventory
    }
    if (settled !== undefined) requireSameTags(settled, found)
    return last.sightOf(found)
  }
}

function lookedUp(inventory: Inventory) {
  const fabric = seenFabric(inventory)
  const byName = new Map(inventory.devices.map((one) => [one.name, one]))
  return { inventory, byName, fabric, sightOf: sightIn(inventory, fabric) }
}

export function askedFor({ content: { inventory } }: Plan): AskedSwitches {
  const { read: _, ...asked } = inventory
  return asked
}

export function switchesOf({ content: { devices, leftOut = [] } }: Plan): readonly string[] {
  return [...devices, ...leftOut].map(({ name }) => name)
}

/** Throws `stale`. */
export function preparedFor({ project }: RecordApp, state: ExecutionState): PreparedChange {
  const prepared = preparedAgain(project, state, state.targets, state.asked)
  if (prepared.digest === state.definition) return prepared
  throw definitionChanged(project, state)
}

/**
 * Asks for the digest of the workflow's files as they are now: null when they are no longer the ones it began with. The first time all
 * files are read; then, for a switch, its own and those that several have in common, once for all that ask together.
 */
export function definitionOfNow(app: RecordApp, state: ExecutionState): () => DefinitionNow {
  let sources: KnownSources | undefined
  const keptIn = (files: Files) => {
    if (sources !== undefined) return sources
    const known = knownSources(preparedFor(app, state))
    sources = known.areAllKept(files) ? known : undefined
    return sources
  }
  return () => {
    const files = readOnce(app.project.files)
    return (device) => nullIfStale(() => (keptIn(files)?.areKept(files, device) === true ? state.definition : null))
  }
}

function nullIfStale<T>(work: () => T) {
  try {
    return work()
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'stale') return null
    throw error
  }
}

function requireSameTags(plan: Plan, { name, tags }: InventoryDevice) {
  const planned = plannedOf(plan, name).inventory.tags
  if (planned === undefined || canonicalJson(planned) === canonicalJson(tags)) return
  throw new EosflowError('stale', `${name}: its tags in the inventory have changed since the plan was made`, {
    device: name,
    hint: PLAN_AGAIN,
  })
}

function requireSameTarget(plan: Plan, device: InventoryDevice) {
  const { name, credentials } = device
  const { address, credential } = plannedOf(plan, name).inventory
  if (credential !== credentials) {
    throw new EosflowError('stale', `${name}: its credential in the inventory has changed since the plan was made`, {
      device: name,
      hint: PLAN_AGAIN,
    })
  }
  if (sameTargets([targetOf(device)], [{ name, ...address }])) return
  throw new EosflowError('stale', `${name}: its address in the inventory has changed since the plan was made`, {
    device: name,
    hint: PLAN_AGAIN,
  })
}

function requireSameSecrets(plan: Plan, inventory: Inventory) {
  const names = switchesOf(plan)
  if (sameSecretRefs(plan, pinnedReferences(inventory, names))) return
  throw new EosflowError('stale', 'the inventory names other versions of secrets than the plan', { hint: PLAN_AGAIN })
}

function definitionChanged({ files }: Pick<Project, 'files'>, { file }: ExecutionState) {
  const where = ofBundle(files, file)
  return new EosflowError('stale', `the workflow or one of its files has changed since the execution began${where}`, {
    hint: PLAN_AGAIN,
  })
}

/** The saved plan, after the workflow's files and the inventory were found to be those it was made from. Throws `stale`, InputError. */
export async function savedChange(
  given: Host,
  project: Project,
  file: string,
  plan: Plan,
  digest: string | undefined,
): Promise<{ prepared: PreparedChange; plan: Plan }> {
  if (digest !== undefined) requireSameDigest(plan, digest, planFileOf(given, digest, file))
  const host = await withFetchedKey(project, given)
  const { workflow, devices } = plan.content
  const at = await projectAt(host, project, workflow.commit)
  const keys = keysHere(project, host)
  // Which of them the store is under is not asked here: whoever begins asks that.
  const own = [keys?.key, keys?.next].find((key) => key !== undefined && isOwnSeal(key, plan))
  staleIfBad(() => requireUnmoved(at, own, plan, project.inventory()))
  const prepared = preparedAgain(at, askedBy(plan.content), switchesOf(plan), askedFor(plan))
  const planned = new Set(devices.map(({ name }) => name))
  const targets = devices.map(({ name, inventory: { address } }) => ({ name, ...address }))
  const same =
    prepared.digest === workflow.digest &&
    sameTargets(prepared.devices.filter(({ name }) => planned.has(name)).map(targetOf), targets) &&
    sameSecretRefs(plan, prepared.secretRefs)
  const policy = project.policy()?.digest ?? null
  if (same && policy !== plan.content.policy) {
    throw new EosflowError('stale', 'the policy has changed since the plan was made', {
      hint: 'Plan again and have the new plan approved.',
    })
  }
  if (same) requireSameInvariants(project, plan)
  if (same) {
    requireStateOf(host, prepared, plan, file)
    return { prepared, plan }
  }
  throw new EosflowError(
    'stale',
    `${whatChanged(plan, prepared)} since the plan was made${ofBundle(at.files, workflow.file)}`,
    { hint: 'Plan again and have the new plan approved.' },
  )
}

export async function savedChangeIn(
  app: App,
  file: string,
  plan: Plan,
  digest: string | undefined,
): Promise<{ prepared: PreparedChange; plan: Plan }> {
  const filed = (await keptApp(app, plan.content.workflow.file)) ?? app
  return savedChange(filed, filed.project, file, plan, digest)
}

const MOST = 10

// What has changed since a plan was made, as far as the plan says what each file and each address was.
function whatChanged(plan: Plan, prepared: PreparedChange) {
  const { devices, workflow } = plan.content
  const { files } = plan.evidence
  if (prepared.digest !== workflow.digest) {
    const now = fileDigests(prepared)
    const moved =
      files === undefined ? [] : Object.keys({ ...files, ...now }).filter((file) => files[file] !== now[file])
    const named = moved.map((file) =>
      now[file] === undefined
        ? `${file} (no longer read)`
        : files?.[file] === undefined
          ? `${file} (not read then)`
          : file,
    )
    return moved.length === 0
      ? 'the workflow or one of its files has changed'
      : `${fewOf(named)} ${named.length === 1 ? 'has' : 'have'} changed`
  }
  const addressed = devices.filter(({ name, inventory: { address } }) => {
    const found = prepared.devices.find((one) => one.name === name)
    return found !== undefined && !sameTargets([targetOf(found)], [{ name, ...address }])
  })
  if (addressed.length === 0) return 'the versions of secrets that the inventory names have changed'
  const of = addressed.length === 1 ? 'the address of' : 'the addresses of'
  return `${of} ${fewOf(addressed.map(({ name }) => name))} in the inventory ${addressed.length === 1 ? 'has' : 'have'} changed`
}

function fewOf(names: readonly string[]) {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`
}

function requireStateOf(host: WordedHost, { workflow }: PreparedChange, { content, evidence }: Plan, file: string) {
  const areas = content.devices.map(({ name }) => Object.keys(evidence.state[name] ?? {}))
  const lacked = lackedState(workflow, { areas, isOffline: content.offline })
  if (lacked.length > 0) throw noState(host, lackedWords(lacked), file)
}
