import { definedMembers } from '../../model/defined-members.ts'
import { type Place, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless, refuse } from '../../text/source/checked.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { selectDevices, shownSelector } from '../inventory/selector.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'

export interface TargetSelection {
  readonly only?: string
  readonly onlyAt?: Place
  readonly switches?: readonly string[]
}

export interface AskedSwitches {
  readonly only?: string
  readonly exact?: true
}

export function askedSwitches({ only, switches }: TargetSelection): AskedSwitches {
  return switches === undefined ? definedMembers({ only }) : { exact: true }
}

/** The switches that a workflow is for here and now, in the order of the inventory. */
export function selectedTargets(
  { targets }: Workflow,
  inventory: Inventory,
  { only, onlyAt, switches }: TargetSelection,
): ValueOrProblems<readonly InventoryDevice[]> {
  const all = selectDevices(targets.expression, inventory, targets.at)
  if (!all.ok) return all
  if (switches !== undefined) return exactly(switches, all.value, inventory)
  if (only === undefined) return all
  const narrowed = selectDevices(only, inventory, onlyAt)
  if (!narrowed.ok) return narrowed
  const names = new Set(narrowed.value.map(({ name }) => name))
  const devices = all.value.filter(({ name }) => names.has(name))
  if (devices.length > 0) return accept(devices)
  const message = `\`${shownSelector(only)}\` selects none of the switches that the workflow is for (${targets.expression})`
  const some = all.value.slice(0, MOST_NAMED).map(({ name }) => name)
  const hint = some.length === 0 ? 'loosen the expression' : `name some of these: -t ${some.join(',')}`
  const problem = problemOf('-t', 'nothing-selected', message, hint)
  return refuse(onlyAt === undefined ? problem : { ...problem, at: onlyAt })
}

const MOST_NAMED = 4

function exactly(
  switches: readonly string[],
  selected: readonly InventoryDevice[],
  inventory: Inventory,
): ValueOrProblems<readonly InventoryDevice[]> {
  const wanted = new Set(switches)
  const devices = selected.filter(({ name }) => wanted.has(name))
  if (devices.length === wanted.size) return accept(devices)
  const found = new Set(devices.map(({ name }) => name))
  const known = new Set(inventory.devices.map(({ name }) => name))
  const problems = [...wanted]
    .filter((name) => !found.has(name))
    .map((name) =>
      problemOf(
        inventory.file,
        'unknown-target',
        known.has(name)
          ? `the workflow no longer selects the switch \`${name}\``
          : `there is no switch \`${name}\` in ${inventory.file}`,
      ),
    )
  return acceptUnless(problems, () => devices)
}
