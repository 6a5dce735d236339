import type { Planner } from '../../change/engine/ports.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import { pinnedReferences } from '../../change/inventory/pinned-references.ts'
import { seenFabric } from '../../change/inventory/seen-device.ts'
import type { PlanDefinition } from '../../change/plan/definition.ts'
import { demandsOf } from '../../change/plan/demands.ts'
import { makePlan } from '../../change/plan/make-plan.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { withGate } from '../../change/plan/policy-input.ts'
import { type PreparedChange, prepareOne } from '../../change/plan/prepare.ts'
import { sightIn } from '../../change/plan/readings.ts'
import { keyOfPlan } from '../../change/plan/seal.ts'
import type { AskedSwitches } from '../../change/plan/selected-targets.ts'
import { plannedOf } from '../../change/plan/settled.ts'
import type { ComparedPart } from '../../change/policy/approval-case.ts'
import type { TemplateScope } from '../../change/workflow/template/change.ts'
import { canonicalJson } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { once } from '../../model/once.ts'
import { type Files, ofBundle, readOnce } from '../../text/source/files.ts'
import type { RecordApp } from '../app/app.ts'
import { failoverOf } from '../files/failover.ts'
import { loadWorkflow } from '../files/load-workflow.ts'
import type { Project } from '../files/project.ts'
import { type KnownSources, knownSources } from '../files/sources/known-sources.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { orProblems } from '../system/process/input-error.ts'
import { noSeams } from '../system/process/seams.ts'
import { sharedInTurn } from '../system/process/shared-in-turn.ts'
import {
  definitionHere,
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
  const { checks, judges, around, probes, after } = demands(settled)
  if ([checks, judges, around, probes, after].every((one) => one === undefined || one.planned === one.found)) return
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
