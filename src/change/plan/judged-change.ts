import { type CheckSpec, checkNamed, knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { specOf } from '../../eos/check/per-switch.ts'
import { isExecAlone, type KnownForm } from '../../eos/config/guard/guard.ts'
import type { Problem, ValueOrProblems } from '../../model/error.ts'
import { gathered, type Json, type JsonObject } from '../../model/json.ts'
import { accept, problemsOf } from '../../text/source/located.ts'
import { checksWith } from '../workflow/check-calls.ts'
import { sampleParams } from '../workflow/definition/sample.ts'
import type { CheckCall, Workflow } from '../workflow/definition/workflow.ts'
import { type ChangeText, changeText, type Warning, warning } from '../workflow/habit/habits.ts'
import type { GivenParams } from '../workflow/param/read.ts'
import { changeLines, isFaultWithout, namesAny, type TemplateScope } from '../workflow/template/change.ts'
import type { Files } from '../workflow/template/files.ts'
import { blankProblems, judgedLines, OTHER_BLANK } from './rendered.ts'
import { type IsTaken, vouchedForms } from './taken-forms.ts'

export interface JudgedChange {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  readonly rendered: readonly { readonly device: string; readonly lines: readonly string[] }[]
}

export function judgedChange(
  workflow: Workflow,
  given: GivenParams,
  sights: readonly TemplateScope[],
  files: Files,
  isTaken: IsTaken = () => false,
): JudgedChange {
  const isTakenByAll = (form: string) => sights.length > 0 && sights.every(({ name }) => isTaken(name, form))
  const params = sampleParams(workflow, given)
  if (!params.ok) {
    const { warnings } = asWritten(workflow, files, isTakenByAll)
    return { problems: params.problems, warnings: warnings.map(asWarning), rendered: [] }
  }
  const { values, invented, without } = params.value
  const unknown = [...invented, ...without]
  const isNamed = namesOnly(workflow, unknown)
  const renderable = without.length > 0 && !isNamed ? linesWithout(workflow, without) : workflow
  const rendering =
    renderable === undefined
      ? []
      : sights.map((sight) => ({ device: sight.name, change: changeLines(renderable, values, sight, files) }))
  const failed = filesMissing(
    workflow,
    rendering.map(({ change }) => change),
  )
  const forms = formsOf(files)
  const rendered = rendering.flatMap(({ device, change }) => {
    if (!change.ok || unknown.length > 0) return []
    const file = `${change.value.sources[0]?.file ?? workflow.file} (rendered for ${device})`
    return [judgedLines({ ...change.value, file }, workflow.allow, forms, (form) => isTaken(device, form))]
  })
  const checks = without.length > 0 ? [] : checkProblems(workflow, values, sights)
  const found = [...problemsOf(vouchedForms(files)), ...failed, ...checks].map((problem) => ({
    problem,
    certain:
      unknown.length === 0 ||
      problem.code === 'template-undefined' ||
      (isNamed && problem.code === 'no-such-file') ||
      isFaultWithout(unknown, problem, workflow, files),
  }))
  const written = asWritten(workflow, files, isTakenByAll)
  const judged = rendered.length > 0 ? rendered.map((one) => placedAsWritten(one, written)) : [written]
  const uncertain = found.some(({ certain }) => !certain)
  return {
    problems: once([
      ...found.flatMap(({ problem, certain }) => (certain ? [problem] : [])),
      ...judged.flatMap(({ problems }) => problems),
    ]),
    warnings: [
      ...once(judged.flatMap(({ warnings }) => warnings)).map(asWarning),
      ...(uncertain || (without.length > 0 && sights.length > 0) ? [notRendered(workflow, unknown)] : []),
    ],
    rendered: rendering.flatMap(({ device, change }) =>
      change.ok && unknown.length === 0 ? [{ device, lines: change.value.lines }] : [],
    ),
  }
}

function checkProblems(workflow: Workflow, values: JsonObject, sights: readonly TemplateScope[]) {
  const seers: readonly (Pick<TemplateScope, 'device' | 'fabric'> | undefined)[] = readsDevice(workflow)
    ? sights
    : [sights[0]]
  return seers.flatMap((seer) => {
    if (seer !== undefined) {
      return problemsOf(checksWith(workflow, values, knownChecks, { device: seer.device, fabric: seer.fabric }))
    }
    return readsFabric(workflow) ? [] : problemsOf(checksWith(workflow, values, knownChecks))
  })
}

function namesOnly({ change: { source } }: Workflow, unknown: readonly string[]) {
  return source.from === 'file' && !namesAny(source.path, unknown)
}

function linesWithout(workflow: Workflow, unknown: readonly string[]): Workflow | undefined {
  const { mode, source } = workflow.change
  const lines = source.from === 'lines' ? source.lines.filter(({ text }) => !namesAny(text, unknown)) : []
  return lines.length === 0 ? undefined : { ...workflow, change: { mode, source: { from: 'lines', lines } } }
}

function filesMissing({ change: { source } }: Workflow, changes: readonly ValueOrProblems<unknown>[]) {
  const failed = changes.flatMap((change) => (change.ok ? [] : change.problems))
  const isNoneThere =
    source.from === 'file' &&
    failed.length > 1 &&
    failed.length === changes.length &&
    failed.every(({ code }) => code === 'no-such-file')
  if (!isNoneThere) return failed
  const message = `of the ${failed.length} files that \`${source.path}\` names none is there: ${failed[0]?.message}`
  return [
    {
      code: 'no-such-file',
      message,
      at: source.at,
      hint: 'write them, or let your pipeline write them before you plan',
    },
  ]
}

function asWarning({ code, message, at, hint }: Problem) {
  return warning(code, message, at, hint ?? '')
}

function notRendered({ params, file }: Workflow, names: readonly string[]) {
  const [name = ''] = names
  const message = `the change was not rendered: ${names.map((one) => `\`${one}\``).join(', ')} has neither \`default\` nor \`example\``
  const at = params[name]?.at ?? { file, line: 1, column: 1 }
  return warning('not-rendered', message, at, 'give each an `example:` as people would, or give values with -p')
}

interface JudgedLines {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

const VALUE = /\{\{[\s\S]*?\}\}/g
const ANY = 'x1'

function asWritten(workflow: Workflow, files: Files, isTaken: (form: string) => boolean): JudgedLines {
  const { source } = workflow.change
  const texts = changeText({ ...workflow, change: { mode: 'merge', source } }, files)
  const { mode } = workflow.change
  const withAny = texts.map(({ text }) => text.replace(VALUE, ANY))
  const { problems: found, warnings } = judgedLines(
    { mode, lines: withAny, file: '' },
    workflow.allow,
    formsOf(files),
    isTaken,
  )
  // A value as long as what it is written as leaves the blanks behind it in their columns.
  const asLong = texts.map(({ text }) => text.replace(VALUE, (value) => 'x'.repeat(value.length)))
  const problems = [
    ...blankProblems({ mode, lines: asLong, file: '' }),
    ...found.filter(({ code }) => code !== OTHER_BLANK),
  ]
  return {
    problems: problems.filter((one) => isConstant(texts, one)).map((one) => placed(texts, one)),
    warnings: warnings.filter(({ at }) => !hasValue(texts[at.line - 1])).map((one) => placed(texts, one)),
  }
}

function placedAsWritten(rendered: JudgedLines, written: JudgedLines): JudgedLines {
  const told = new Map<string, number>()
  const place = (problem: Problem) => {
    const said = `${problem.code} ${saidOf(problem)}`
    const same = written.problems.filter((one) => `${one.code} ${saidOf(one)}` === said)
    // What is said of several lines in the same words is said of each in its turn.
    const turn = told.get(said) ?? 0
    told.set(said, turn + 1)
    const at = (same[turn] ?? same.at(-1))?.at
    return at === undefined ? problem : { ...problem, at }
  }
  return { problems: rendered.problems.map(place), warnings: rendered.warnings }
}

const saidOf = ({ code, message }: Problem) => (code === MISSPELT ? message.replace(/^".*": /, '') : message)

const MISSPELT = 'misspelt-word'

const hasValue = (text: ChangeText | undefined) => text === undefined || text.text.includes('{{')

function isConstant(texts: readonly ChangeText[], { code, at }: Problem) {
  const written = texts[at.line - 1]?.text.split('{{', 1)[0] ?? ''
  if ((code === MISSPELT || code === OTHER_BLANK) && at.column <= written.length) return true
  const first = /^\s*(?:(?:no|default)\s+)*(\S+)\s/.exec(written)?.[1] ?? ''
  return !hasValue(texts[at.line - 1]) || /^\s*\S+\s+\S+\s/.test(written) || isExecAlone(first)
}

function placed<P extends Problem>(texts: readonly ChangeText[], problem: P) {
  const at = texts[problem.at.line - 1]?.at
  return at === undefined ? problem : { ...problem, at: { ...at, column: at.column + problem.at.column - 1 } }
}

function once(problems: readonly Problem[]) {
  const groups = gathered(problems.map((one) => [JSON.stringify([one.code, one.message, one.at.line]), one]))
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const files = new Set(others.map(fileOf))
    files.delete(fileOf(first))
    return files.size === 0 ? [first] : [{ ...first, message: `${first.message}; so in ${[...files].join(', ')}` }]
  })
}

const fileOf = ({ at }: Problem) => at.file.replace(/ \(rendered for [^)]*\)$/, '')

function formsOf(files: Files): readonly KnownForm[] {
  const known = vouchedForms(files)
  return known.ok ? known.value.forms : NONE
}

const NONE: readonly KnownForm[] = []

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

function readsDevice(workflow: Pick<Workflow, 'checks'>): boolean {
  return namesInChecks(workflow, /\bdevice\b/)
}

function readsFabric(workflow: Pick<Workflow, 'checks'>): boolean {
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
  const secrets = calls.value.flatMap(secretOf)
  return secrets.length > 0 ? failed(secrets) : accept(calls.value.map(({ name, input }) => ({ name, input })))
}

function secretOf({ name, input, at }: CheckCall): readonly Problem[] {
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
