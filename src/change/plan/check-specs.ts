import { type CheckSpec, readCheckSpecs } from '../../eos/check/builtin/catalog.ts'
import { checkNamed, knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { specOf } from '../../eos/check/per-switch.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Place, Problem, ValueOrProblems } from '../../model/problem.ts'
import { problemsOf } from '../../text/source/checked.ts'
import { checksWith } from '../workflow/check-calls.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import type { TemplateScope } from '../workflow/template/change.ts'

export function checkSpecs(
  workflow: Workflow,
  params: JsonObject,
  sights: readonly TemplateScope[],
): ValueOrProblems<readonly CheckSpec[]> {
  const [first] = sights
  const seers = readsDevice(workflow) ? sights : sights.slice(0, 1)
  const made = seers.map((sight) => [sight.name, specsFor(workflow, params, sight)] as const)
  const problems = made.flatMap(([, specs]) => problemsOf(specs))
  if (first === undefined || problems.length > 0)
    return problems.length > 0 ? failed(problems) : { ok: true, value: [] }
  const all = made.flatMap(([name, specs]) => (specs.ok ? [[name, specs.value] as const] : []))
  const specs = workflow.checks.map(({ name }, index) =>
    specOf(name, Object.fromEntries(all.map(([device, own]) => [device, own[index]?.input ?? null]))),
  )
  return { ok: true, value: specs }
}

export function readsDevice(workflow: Pick<Workflow, 'checks'>): boolean {
  return namesInChecks(workflow, /\bdevice\b/)
}

export function readsFabric(workflow: Pick<Workflow, 'checks'>): boolean {
  return namesInChecks(workflow, /\bfabric\b/)
}

function namesInChecks({ checks }: Pick<Workflow, 'checks'>, name: RegExp) {
  return checks.some(({ input }) => isNamedIn(input, name))
}

function isNamedIn(value: Json, name: RegExp): boolean {
  if (typeof value === 'string') return value.includes('{{') && name.test(value)
  return value !== null && typeof value === 'object' && Object.values(value).some((part) => isNamedIn(part, name))
}

function specsFor(
  workflow: Workflow,
  params: JsonObject,
  { device, fabric }: TemplateScope,
): ValueOrProblems<readonly CheckSpec[]> {
  const calls = checksWith(workflow, params, knownChecks, { device, fabric })
  if (!calls.ok) return calls
  const specs = readCheckSpecs(calls.value.map(({ name, input }) => ({ [name]: input })))
  if (specs.ok) {
    const secrets = specs.specs.flatMap((spec, index) => secretOf(spec, calls.value[index]?.at ?? workflow.timerAt))
    return secrets.length === 0 ? { ok: true, value: specs.specs } : failed(secrets)
  }
  return failed(
    specs.faults.map(({ path, message, hint }) => ({
      code: 'bad-check',
      message,
      at: calls.value[Number(path[0])]?.at ?? workflow.timerAt,
      ...definedMembers({ hint }),
    })),
  )
}

function secretOf({ name, input }: CheckSpec, at: Place): readonly Problem[] {
  const secrets = checkNamed(name)?.secrets?.(input, []) ?? []
  if (secrets.length === 0) return []
  return [
    {
      code: 'secret-in-check',
      message: `the check \`${name}\` compares with a secret, and the plan would keep it`,
      at,
      hint: 'verify it with a catalog instead: eosflow check run',
    },
  ]
}

/** Everything that is wrong, each once. */
export function failed(problems: readonly Problem[]): ValueOrProblems<never> {
  const [first, ...others] = uniqueProblems(problems)
  if (first === undefined) throw new Error('failed without a problem')
  return { ok: false, problems: [first, ...others] }
}

/** Each once: the same fault of one template would otherwise be reported for each switch. */
export function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}
