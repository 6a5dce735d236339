import type { Inventory } from '../../../change/inventory/inventory.ts'
import { seenFabric } from '../../../change/inventory/seen-device.ts'
import { shownSelector } from '../../../change/inventory/selector.ts'
import { type ChangedDatum, movedData } from '../../../change/plan/inventory-read.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { keyOfPlan } from '../../../change/plan/seal.ts'
import { selectedTargets } from '../../../change/plan/selected-targets.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey } from '../../../model/install-keys.ts'
import type { LazyMap } from '../../../model/lazy-value.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import type { Project } from '../../files/project.ts'
import { InputError } from '../../system/process/input-error.ts'

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
