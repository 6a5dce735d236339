import { builtinChecks } from '../check/builtin/index.ts'
import { type CheckSpec, readCheckSpecs } from '../check/catalog.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { selectDevices } from '../inventory/selector.ts'
import { planWaves } from '../inventory/waves.ts'
import { digestOf } from '../model/digest.ts'
import type { JsonObject } from '../model/json.ts'
import type { Checked, Problem } from '../model/problem.ts'
import type { RenderedChange } from '../task/context.ts'
import { type ChangeLines, changeLines, workflowSources } from '../workflow/change.ts'
import { checksWith } from '../workflow/check-calls.ts'
import type { Files, SourceText } from '../workflow/files.ts'
import { type GivenParams, readParams } from '../workflow/param/read.ts'
import { timerProblem } from '../workflow/timers.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { renderedChange } from './rendered.ts'

/** What is needed to say what a workflow means here and now, with no switch asked. */
export interface PrepareRequest {
  readonly workflow: Workflow
  readonly given: GivenParams
  readonly inventory: Inventory
  /** Narrows the workflow's targets: `-t`. */
  readonly only?: string
  readonly files: Files
}

/** A workflow with its parameters, its switches and the change of each: everything a plan needs but the switches' answers. */
export interface Prepared {
  readonly workflow: Workflow
  readonly params: JsonObject
  readonly devices: readonly InventoryDevice[]
  readonly waves: readonly (readonly string[])[]
  readonly checks: readonly CheckSpec[]
  readonly changes: Readonly<Record<string, RenderedChange>>
  /** The workflow file, its templates, its intended configurations, and the digest of them all. */
  readonly sources: readonly SourceText[]
  readonly digest: string
}

/** Selects the switches, reads the parameters and renders the change of every switch. All problems at once. */
export function prepare({ workflow, given, inventory, only, files }: PrepareRequest): Checked<Prepared> {
  const params = readParams(workflow, given)
  const selected = selectTargets(workflow, inventory, only)
  if (!params.ok || !selected.ok) return failed([...problemsIn(params), ...problemsIn(selected)])
  const devices = selected.value
  const { waves: sizes, keepApart } = workflow.rollout
  const waves = planWaves(devices, { waves: sizes, keepApart })
  const checks = checkSpecs(workflow, params.value)
  const rendered = devices.map((device) => [device.name, renderFor(workflow, params.value, device, files)] as const)
  const timer = timerProblem(workflow, waves)
  const problems = [
    ...(timer === undefined ? [] : [timer]),
    ...problemsIn(checks),
    ...rendered.flatMap(([, change]) => problemsIn(change)),
  ]
  if (problems.length > 0 || !checks.ok) return failed(problems)
  const changes = rendered.flatMap(([name, change]) => (change.ok ? [[name, change.value] as const] : []))
  const sources = workflowSources(
    workflow,
    changes.map(([, { given: lines }]) => lines),
  )
  return {
    ok: true,
    value: {
      workflow,
      params: params.value,
      devices,
      waves,
      checks: checks.value,
      changes: Object.fromEntries(changes.map(([name, { change }]) => [name, change])),
      sources,
      digest: digestOf(sources.map(({ file, text }) => [file, text])),
    },
  }
}

function selectTargets(
  workflow: Workflow,
  inventory: Inventory,
  only: string | undefined,
): Checked<readonly InventoryDevice[]> {
  const all = selectDevices(workflow.targets.expression, inventory, workflow.targets.at)
  if (!all.ok || only === undefined) return all
  const narrowed = selectDevices(only, inventory)
  if (!narrowed.ok) return narrowed
  const names = new Set(narrowed.value.map(({ name }) => name))
  const devices = all.value.filter(({ name }) => names.has(name))
  if (devices.length > 0) return { ok: true, value: devices }
  return failed([
    {
      code: 'nothing-selected',
      message: `\`${only}\` selects none of the switches that the workflow is for (${workflow.targets.expression})`,
      at: { file: '-t', line: 1, column: 1 },
      hint: 'loosen the expression',
    },
  ])
}

/** The change of one switch, rendered now. */
export function prepareOne(
  workflow: Workflow,
  params: JsonObject,
  device: InventoryDevice,
  files: Files,
): Checked<RenderedChange> {
  const rendered = renderFor(workflow, params, device, files)
  return rendered.ok ? { ok: true, value: rendered.value.change } : rendered
}

function renderFor(
  workflow: Workflow,
  params: JsonObject,
  device: InventoryDevice,
  files: Files,
): Checked<{ given: ChangeLines; change: RenderedChange }> {
  const given = changeLines(workflow, params, device, files)
  if (!given.ok) return given
  const file = `${given.value.sources[0]?.file ?? workflow.file} (rendered for ${device.name})`
  const change = renderedChange({ ...given.value, file }, workflow.allow)
  return change.ok ? { ok: true, value: { given: given.value, change: change.value } } : change
}

/** The checks with their parameters and defaults, as plain data for the plan. */
function checkSpecs(workflow: Workflow, params: JsonObject): Checked<readonly CheckSpec[]> {
  const calls = checksWith(workflow, params, builtinChecks)
  if (!calls.ok) return calls
  const specs = readCheckSpecs(calls.value.map(({ name, input }) => ({ [name]: input })))
  if (specs.ok) return { ok: true, value: specs.specs }
  return failed(
    specs.faults.map(({ path, message, hint }) => ({
      code: 'bad-check',
      message,
      at: calls.value[Number(path[0])]?.at ?? workflow.timerAt,
      ...(hint === undefined ? {} : { hint }),
    })),
  )
}

function problemsIn(checked: Checked<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems
}

function failed(problems: readonly Problem[]): Checked<never> {
  const [first, ...others] = uniqueProblems(problems)
  if (first === undefined) throw new Error('failed without a problem')
  return { ok: false, problems: [first, ...others] }
}

/** The same fault of one template would otherwise be told once per switch. */
function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}
