import type { CheckSpec } from '../../eos/check/builtin/known-checks.ts'
import type { KnownForm } from '../../eos/config/guard/guard.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import { digestOf } from '../../model/digest.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, type Json, type JsonObject } from '../../model/json.ts'
import type { LazyMap } from '../../model/once.ts'
import { readOnce } from '../../text/source/files.ts'
import { accept, acceptUnless, allAccepted, problemsOf, refuse } from '../../text/source/located.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { pinnedReferences } from '../inventory/pinned-references.ts'
import { seenFabric } from '../inventory/seen-device.ts'
import { parseSelector, type Selector, selectDevices, shownSelector } from '../inventory/selector.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import { filledAround } from '../workflow/around/fill-around.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import type { CalledKey, FilledPart, FilledSwitch } from '../workflow/definition/workflow-key.ts'
import { changeText } from '../workflow/habit/habits.ts'
import { type GivenParams, readParams } from '../workflow/param/read.ts'
import { inventoryPathsIn, materialised } from '../workflow/query/language/inventory-names.ts'
import { type ChangeLines, changeLines, type TemplateScope, workflowSources } from '../workflow/template/change.ts'
import type { Files, SourceText } from '../workflow/template/files.ts'
import { timerTerms } from '../workflow/timers.ts'
import type { PlanDefinition } from './definition.ts'
import { checkSpecs, failed } from './judged-change.ts'
import { Readings, type Steps, sightIn } from './readings.ts'
import { taggedPairs } from './redundancy.ts'
import { renderedChange } from './rendered.ts'
import { arrangedRollout } from './rollout.ts'
import type { Soak } from './soak.ts'
import { vouchedForms } from './taken-forms.ts'
import { probeSpecs, TOGETHER, USUAL_TAG, unmetRollout } from './unmet-rollout.ts'

const VALUE = /\\\{\\\{[\s\S]*?\\\}\\\}/g
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g

interface Rendering {
  readonly workflow: Workflow
  readonly files: Files
  readonly device: string
  readonly forms: readonly KnownForm[]
}

function renderedAsWritten(
  given: ChangeLines,
  { workflow, files, device, forms }: Rendering,
): ReturnType<typeof renderedChange> {
  const file = `${given.sources[0]?.file ?? workflow.file} (rendered for ${device})`
  const change = renderedChange({ ...given, file }, workflow.allow, forms)
  if (change.ok) return change
  const texts = changeText(workflow, files).map((one) => ({ ...one, pattern: patternOf(one.text) }))
  const [first, ...rest] = change.problems.map((problem) => {
    const line = problem.at.file === file ? given.lines[problem.at.line - 1] : undefined
    const written = line === undefined ? undefined : texts.find(({ pattern }) => pattern?.test(line.trim()))
    if (written === undefined) return problem
    const indent = written.text.length - written.text.trimStart().length
    return { ...problem, at: { ...written.at, column: written.at.column + indent } }
  })
  return first === undefined ? change : { ok: false, problems: [first, ...rest] }
}

function patternOf(text: string) {
  const words = text.trim()
  if (words.replace(/\{\{[\s\S]*?\}\}/g, '').trim() === '') return undefined
  return new RegExp(`^${words.replace(SPECIAL, '\\$&').replace(VALUE, '.*')}$`)
}

function withoutRepeats(problems: readonly Problem[]) {
  return [...new Map(problems.map((one) => [JSON.stringify([one.code, one.message, one.at]), one])).values()]
}

export interface PrepareRequest extends TargetSelection {
  readonly workflow: Workflow
  readonly given: GivenParams
  readonly inventory: Inventory
  readonly files: Files
  /** How the switches were asked for where `switches` only names them again. */
  readonly asked?: AskedSwitches
  readonly changeFile?: { readonly terms: ChangeTerms; readonly sources: readonly SourceText[] }
}

export interface PreparedChange
  extends Required<
    Pick<PlanDefinition, 'rollout' | 'beside' | 'parts' | 'around' | 'probes' | 'askedAt' | 'secretRefs'>
  > {
  readonly workflow: Workflow
  readonly params: JsonObject
  readonly devices: readonly InventoryDevice[]
  readonly changes: Readonly<Record<string, RenderedChange>>
  readonly sources: readonly SourceText[]
  readonly filesOf: Readonly<Record<string, readonly string[]>>
  readonly checks: readonly CheckSpec[]
  readonly inventory: PreparedInventory
  readonly digest: string
  /** What the change file says that asks for it; absent where none does. */
  readonly changeFile?: ChangeTerms
  /** The commit whose files they are; absent for those of a folder. */
  readonly commit?: string
  readonly bundle?: string
}

export interface PreparedInventory extends AskedSwitches {
  readonly readings: Readings
  readonly fabric: LazyMap
}

/** All problems at once. */
export function prepare({
  workflow,
  given,
  inventory,
  files: present,
  asked,
  changeFile,
  ...narrowing
}: PrepareRequest): ValueOrProblems<PreparedChange> {
  const files = readOnce(present)
  const params = readParams(workflow, given)
  const selected = selectedTargets(workflow, inventory, narrowing)
  if (!params.ok || !selected.ok) return failed([...problemsOf(params), ...problemsOf(selected)])
  const devices = selected.value
  const groups = redundantByTag(workflow, devices)
  const canary = canariesOf(workflow, inventory, devices)
  const readings = new Readings()
  const fabric = seenFabric(inventory)
  const sightOf = sightIn(inventory, fabric, readings)
  const sights = devices.map(sightOf)
  const checks = checkSpecs(workflow, params.value, sights)
  const switches = sights.map((sight, index) => ({ ...sight, host: devices[index]?.host ?? sight.name }))
  const parts = allAccepted(workflow.called.map((called) => filledPart(called, params.value, switches)))
  const around = allAccepted(workflow.around.map((call) => filledAround(call, params.value, sights)))
  const probes = probeSpecs(workflow, inventory)
  const rendered = sights.map((sight) => [sight.name, renderFor(workflow, params.value, sight, files)] as const)
  const problems = [
    ...rolloutProblems(workflow, inventory, devices),
    ...problemsOf(checks),
    ...problemsOf(parts),
    ...problemsOf(around),
    ...withoutRepeats(rendered.flatMap(([, change]) => problemsOf(change))),
  ]
  if (problems.length > 0 || !checks.ok || !parts.ok || !around.ok || !canary.ok || !probes.ok) return failed(problems)
  noteSelection(readings, devices, selectorsOf(workflow))
  noteExpressions(workflow, sights)
  const changes = rendered.flatMap(([name, change]) => (change.ok ? [[name, change.value] as const] : []))
  const lines = changes.map(([, { given: one }]) => one)
  const sources = [...workflowSources(workflow, lines), ...(changeFile?.sources ?? [])]
  return {
    ok: true,
    value: {
      workflow,
      params: params.value,
      devices,
      rollout: rolloutOf(workflow, groups, canary.value),
      beside: {
        names: inventory.devices.map(({ name }) => name),
        pairs: pairedIn(redundantByTag(workflow, inventory.devices)),
      },
      checks: checks.value,
      parts: parts.value,
      around: around.value,
      probes: probes.value.map(({ spec }) => spec),
      askedAt: { checks: workflow.checks.map(({ at }) => at), probes: probes.value.map(({ at }) => at) },
      changes: Object.fromEntries(changes.map(([name, { change }]) => [name, change])),
      sources,
      filesOf: Object.fromEntries(changes.map(([name, { given }]) => [name, given.sources.map(({ file }) => file)])),
      secretRefs: pinnedReferences(
        inventory,
        devices.map(({ name }) => name),
      ),
      inventory: { readings, fabric, ...(asked ?? askedSwitches(narrowing)) },
      digest: digestOf(sources.map(({ file, text }) => [file, text])),
      ...definedMembers({ changeFile: changeFile?.terms, commit: files.commit, bundle: files.bundle }),
    },
  }
}

function filledPart(
  { key, calls }: CalledKey,
  params: JsonObject,
  switches: readonly FilledSwitch[],
): ValueOrProblems<FilledPart> {
  const filled = key.fill(calls, params, switches)
  return filled.ok ? accept({ key, value: filled.value }) : filled
}

/**
 * Why the tag of `keepApart` or the canaries of a workflow cannot be meant, the canaries cannot be chosen among these switches, or its times cannot be for so many, as the plan judges
 * them. `slowest`: the slowest protocol timer that files have, where they are whole configurations.
 */
export function rolloutProblems(
  workflow: Workflow,
  inventory: Inventory,
  devices: readonly InventoryDevice[],
  slowest?: Soak,
): readonly Problem[] {
  const unmet = unmetRollout(workflow, inventory)
  const canary = canariesOf(workflow, inventory, devices)
  if (!canary.ok) return [...unmet, ...canary.problems]
  const groups = redundantByTag(workflow, devices)
  const { fault } = arrangedRollout(
    { ...planTimers(workflow), rollout: rolloutOf(workflow, groups, canary.value), selected: devices.length },
    devices.map(({ name }) => name),
    { redundant: taggedPairs(Object.entries(groups)).map(({ pair }) => pair), slowest },
  )
  if (fault === undefined) return unmet
  const { of, message, hint } = fault
  return [
    ...unmet,
    of === 'within'
      ? { code: 'verify-never-ends', message, at: workflow.withinAt, hint }
      : { code: 'timer-too-short', message, at: workflow.timerAt, hint },
  ]
}

function redundantByTag(
  { rollout: { keepApart } }: Workflow,
  devices: readonly InventoryDevice[],
): PlanDefinition['rollout']['redundant'] {
  const tag = keepApart === undefined || keepApart === TOGETHER ? USUAL_TAG : keepApart
  return Object.fromEntries(
    devices.flatMap(({ name, tags }) => (Object.hasOwn(tags, tag) ? [[name, tags[tag] ?? ''] as const] : [])),
  )
}

function pairedIn(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const counts = new Map<string, number>()
  for (const tag of Object.values(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return Object.fromEntries(Object.entries(tags).filter(([, tag]) => counts.get(tag) === 2))
}

type Canary = NonNullable<PlanDefinition['rollout']['canary']>

function canariesOf(
  { rollout: { canary }, targets }: Workflow,
  inventory: Inventory,
  devices: readonly InventoryDevice[],
): ValueOrProblems<Canary | undefined> {
  if (canary === undefined) return { ok: true, value: undefined }
  const { switches, at, soak } = canary
  const given = definedMembers({ soak })
  if (typeof switches === 'number') return { ok: true, value: { switches, ...given } }
  const named = selectDevices(switches, inventory, at)
  if (!named.ok) return named
  const names = new Set(named.value.map(({ name }) => name))
  const first = devices.filter(({ name }) => names.has(name)).map(({ name }) => name)
  if (first.length > 0) return { ok: true, value: { switches: first, ...given } }
  const message = `\`${switches}\` selects none of the switches that the workflow is for (${targets.expression})`
  return failed([{ code: 'nothing-selected', message, at, hint: 'name some of them, or write how many go first' }])
}

function rolloutOf(
  { rollout }: Workflow,
  redundant: PlanDefinition['rollout']['redundant'],
  canary: Canary | undefined,
): PlanDefinition['rollout'] {
  const { keepApart, sites: _, canary: _named, ...terms } = rollout
  return { ...terms, redundant, together: keepApart === TOGETHER, ...definedMembers({ canary }) }
}

export function planTimers(workflow: Workflow): Pick<PlanDefinition, 'timers' | 'terms'> {
  const { confirmWithin, verifyWithin, stableFor, every, derived } = workflow.timers
  return { timers: { confirmWithin, verifyWithin, stableFor, every, derived }, terms: timerTerms(workflow) }
}

export function prepareOne(
  workflow: Workflow,
  params: JsonObject,
  sight: TemplateScope,
  files: Files,
): ValueOrProblems<{ readonly change: RenderedChange; readonly sources: readonly SourceText[] }> {
  const rendered = renderFor(workflow, params, sight, files)
  if (!rendered.ok) return rendered
  const { change, given } = rendered.value
  return { ok: true, value: { change, sources: workflowSources(workflow, [given]) } }
}

function renderFor(
  workflow: Workflow,
  params: JsonObject,
  sight: TemplateScope,
  files: Files,
): ValueOrProblems<{ given: ChangeLines; change: RenderedChange }> {
  const given = changeLines(workflow, params, sight, files)
  if (!given.ok) return given
  const known = vouchedForms(files)
  if (!known.ok) return known
  const change = renderedAsWritten(given.value, { workflow, files, device: sight.name, forms: known.value.forms })
  // It decides what of the change is said to be wrong, so that it belongs to what the plan was made from.
  const sources = [...given.value.sources, ...known.value.sources]
  if (!change.ok) return change
  const { keep } = workflow.change
  const value = { given: { ...given.value, sources }, change: change.value }
  return { ok: true, value: keep === undefined ? value : { ...value, change: { ...change.value, keep } } }
}

// Reads what the expressions of a workflow's states will read of the inventory, so that it is kept as all that is read: when they are
// evaluated the plan is approved already.
function noteExpressions({ machine }: Pick<Workflow, 'machine'>, sights: readonly TemplateScope[]) {
  for (const { of, steps } of inventoryPathsIn(machine as unknown as Json)) {
    for (const { device, fabric } of of === 'device' ? sights : sights.slice(0, 1)) {
      materialised(of === 'device' ? device : fabric, steps)
    }
  }
}

export interface TargetSelection {
  readonly only?: string
  readonly onlyAt?: Place
  readonly switches?: readonly string[]
}

export interface AskedSwitches {
  readonly only?: string
  readonly exact?: true
}

function askedSwitches({ only, switches }: TargetSelection): AskedSwitches {
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

interface Deciding {
  readonly selectors: readonly Selector[]
  readonly apart: string
}

export function selectorsOf({ targets, rollout: { canary, keepApart } }: Workflow): Deciding {
  const expressions = [targets.expression, ...(typeof canary?.switches === 'string' ? [canary.switches] : [])]
  const selectors = expressions.flatMap((expression) => {
    const parsed = parseSelector(expression)
    return parsed.ok ? [parsed.value] : []
  })
  return { selectors, apart: keepApart === undefined || keepApart === TOGETHER ? USUAL_TAG : keepApart }
}

/** Keeps in `readings` which tags and groups of the selected switches the selectors and the rollout have asked for. */
export function noteSelection(readings: Readings, devices: readonly InventoryDevice[], deciding: Deciding): void {
  noteAsked(readings, devices, [['tags', deciding.apart], ...deciding.selectors.flatMap(askedIn)])
}

export function noteSelectors(
  readings: Readings,
  devices: readonly InventoryDevice[],
  selectors: readonly Selector[],
): void {
  noteAsked(readings, devices, selectors.flatMap(askedIn))
}

function noteAsked(readings: Readings, devices: readonly InventoryDevice[], asked: readonly Steps[]) {
  for (const { name } of devices) {
    for (const steps of asked) readings.note(name, { what: 'value', steps })
  }
}

function askedIn(selector: Selector): readonly Steps[] {
  switch (selector.kind) {
    case 'tag':
      return [['tags', selector.tag]]
    case 'group':
      // A tag that is called `group` is asked for too.
      return [/[*?]/.test(selector.pattern) ? ['groups'] : ['groups', selector.pattern], ['tags', 'group']]
    case 'not':
      return askedIn(selector.operand)
    case 'and':
    case 'or':
      return selector.operands.flatMap(askedIn)
    case 'name':
    case 'listed':
      return []
  }
}
