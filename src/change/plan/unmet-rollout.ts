import type { Problem } from '../../model/problem.ts'
import { problemsOf } from '../../text/source/checked.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Budget } from '../inventory/budget-settings.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { selectDevices } from '../inventory/selector.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import { type Warning, warning } from '../workflow/habit/warning.ts'
import { probeSpecs } from './probe-specs.ts'
import { countedGroups, overfullGroup } from './under-change.ts'

/** What `keepApart` says where redundant switches may share a wave. */
export const TOGETHER = 'none'

/** The tag of redundant switches where `keepApart` names none. */
export const USUAL_TAG = 'mlag'

/**
 * What a workflow asks of its switches that they cannot meet, whichever of them a command selects: `keepApart`
 * with a tag that no switch has, which keeps nothing apart, more canaries than there are switches, and probes from switches that are not there.
 */
export function unmetRollout(workflow: Workflow, inventory: Inventory): readonly Problem[] {
  return [
    ...unknownTag(workflow, inventory),
    ...tooManyCanaries(workflow, inventory),
    ...problemsOf(probeSpecs(workflow, inventory)),
  ]
}

/** A tag of `keepApart` that keeps none of these switches apart from another one: it is known, and no two have the same value. */
export function nothingApart(
  { rollout, keepApartAt }: Workflow,
  devices: readonly InventoryDevice[],
): readonly Warning[] {
  const tag = namedTag(rollout.keepApart)
  if (tag === undefined || keepApartAt === undefined || devices.length < 2) return []
  const values = devices.flatMap(({ tags }) => (Object.hasOwn(tags, tag) ? [tags[tag]] : []))
  if (new Set(values).size < values.length) return []
  const message = `\`keepApart: ${tag}\` keeps none of these ${devices.length} switches apart: no two of them have the same \`${tag}\``
  const hint = 'name the tag that redundant switches share, or write `keepApart: none` where any may share a wave'
  return [warning('keeps-nothing-apart', message, keepApartAt, hint)]
}

export function overBudget(
  { rollout, targets }: Workflow,
  budgets: readonly Budget[],
  devices: readonly InventoryDevice[],
): readonly Warning[] {
  const found = overfullGroup(countedGroups(budgets, devices), rollout.atomic)
  return found === undefined
    ? []
    : [warning('over-budget', `if all of them change: ${found.message}`, targets.at, found.hint)]
}

function unknownTag({ rollout, keepApartAt, file }: Workflow, inventory: Inventory): readonly Problem[] {
  const tag = namedTag(rollout.keepApart)
  if (tag === undefined || inventory.devices.some(({ tags }) => Object.hasOwn(tags, tag))) return []
  const known = [...new Set(inventory.devices.flatMap(({ tags }) => Object.keys(tags)))]
  return [
    {
      code: 'unknown-tag',
      message: `no switch of ${inventory.file} has a tag \`${tag}\`: \`keepApart\` would keep nothing apart`,
      at: keepApartAt ?? { file, line: 1, column: 1 },
      hint: didYouMean(tag, [...new Set([...known, USUAL_TAG]), TOGETHER]),
    },
  ]
}

function namedTag(keepApart: string | undefined) {
  return keepApart === TOGETHER || keepApart === USUAL_TAG ? undefined : keepApart
}

function tooManyCanaries({ rollout: { canary }, targets }: Workflow, inventory: Inventory): readonly Problem[] {
  if (typeof canary?.switches !== 'number') return []
  const selected = selectDevices(targets.expression, inventory, targets.at)
  if (!selected.ok || canary.switches <= selected.value.length) return []
  const { length } = selected.value
  return [
    {
      code: 'too-many-canaries',
      message: `${canary.switches} canaries of ${length === 1 ? 'one switch' : `${length} switches`} (${targets.expression})`,
      at: canary.at,
      hint: `write how many go first, at most ${length}, or name them`,
    },
  ]
}
