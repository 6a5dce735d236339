import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { type ProbeSpec, probeName } from '../../model/probe.ts'
import { acceptUnless, problemsOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Budget } from '../inventory/budget-settings.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { selectDevices } from '../inventory/selector.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import { type Warning, warning } from '../workflow/habit/habits.ts'
import type { ProbeCall } from '../workflow/schema/probe-schema.ts'
import { countedGroups, overfullGroup } from './under-change.ts'

// So many pairs are asked in all, and by one switch: it asks one after the other, and a request that is lost may take a second.
const MOST = 50
const MOST_OF_SWITCH = 10

interface PlacedProbe {
  readonly spec: ProbeSpec
  readonly at: Place
}

/** The pairs that a workflow asks, one for each switch that its entries mean; or who is unknown, what is asked twice, and that they are too many. */
export function probeSpecs(
  { probes }: Pick<Workflow, 'probes'>,
  inventory: Inventory,
): ValueOrProblems<readonly PlacedProbe[]> {
  const problems: Problem[] = []
  const seen = new Map<string, ProbeCall>()
  const specs: PlacedProbe[] = []
  for (const call of probes) {
    const { from, at, fromAt, ...what } = call
    const selected = selectDevices(from, inventory, fromAt)
    if (!selected.ok) {
      problems.push(...problemsOf(selected))
      continue
    }
    for (const { name } of selected.value) {
      const spec = { from: name, ...what }
      const other = seen.get(probeName(spec))
      if (other !== undefined) problems.push(twice(spec, call, other))
      seen.set(probeName(spec), call)
      specs.push({ spec, at })
    }
  }
  return acceptUnless(problems.length > 0 ? firstOfEach(problems) : tooMany(probes, specs), () => specs)
}

function twice(spec: ProbeSpec, { at }: ProbeCall, other: ProbeCall): Problem {
  const place = other.at.line === at.line ? '' : ` (line ${other.at.line})`
  return {
    code: 'probe-twice',
    message: `${probeName(spec)} is asked already${place}`,
    at,
    hint: 'delete one of the two, or narrow `from`',
  }
}

function firstOfEach(problems: readonly Problem[]) {
  return problems.filter(
    (one, index) =>
      one.code !== 'probe-twice' ||
      problems.findIndex(
        ({ code, at }) => code === one.code && at.line === one.at.line && at.column === one.at.column,
      ) === index,
  )
}

function tooMany(probes: readonly ProbeCall[], specs: readonly PlacedProbe[]): readonly Problem[] {
  const at = probes[0]?.at
  if (at === undefined) return []
  const bySwitch = new Map<string, number>()
  for (const {
    spec: { from },
  } of specs)
    bySwitch.set(from, (bySwitch.get(from) ?? 0) + 1)
  const [most] = [...bySwitch].toSorted(([, a], [, b]) => b - a)
  const hint = 'ask fewer addresses, or from fewer switches'
  const code = 'too-many-probes'
  if (specs.length > MOST)
    return [{ code, message: `${specs.length} pairs are probed: at most ${MOST} can be`, at, hint }]
  if (most === undefined || most[1] <= MOST_OF_SWITCH) return []
  return [
    { code, message: `${most[0]} would ask ${most[1]} addresses: one switch asks at most ${MOST_OF_SWITCH}`, at, hint },
  ]
}

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
