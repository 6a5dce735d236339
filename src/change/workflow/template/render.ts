import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import type { LazyValue } from '../../../model/once.ts'
import { readTemplate } from '../../../text/jinja/names.ts'
import { lazyJinja } from '../../../text/jinja/object/arithmetic.ts'
import { valueFrom } from '../../../text/jinja/object/from-variables.ts'
import { type RenderResult, render } from '../../../text/jinja/render.ts'
import type { FindName } from '../../../text/jinja/run/scope.ts'
import type { FindTemplate } from '../../../text/jinja/run/templates.ts'
import { withPlainLineEnds } from '../../../text/jinja/syntax/lexer.ts'
import { refused, TemplateFault } from '../../../text/jinja/value/value.ts'
import { accept, placesIn, refuse } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { type Files, readNamed, type SourceText } from './files.ts'

export type Variables = Readonly<Record<string, Json>>

export type LazyVariables = Readonly<Record<string, LazyValue>>

export interface RenderedFile {
  readonly text: string
  readonly sources: readonly SourceText[]
}

/**
 * Renders a text that is a template, as Jinja2 does with Ansible's filters: a name that is not defined is a problem, not an
 * empty text, and so is a filter that does not fit its value. `at` is where the text begins in its file.
 */
export function renderTemplate(
  text: string,
  at: Place,
  variables: Variables,
  seen: LazyVariables = {},
  name?: FindName,
): ValueOrProblems<string> {
  const rendered = rendering({ file: at.file, text }, variables, seen, { name })
  return rendered.ok
    ? accept(rendered.text)
    : refuse(problemOf(rendered, at, name === undefined ? namesOf(variables, seen) : undefined))
}

export function renderFile(
  source: SourceText,
  variables: Variables,
  files: Files,
  seen: LazyVariables = {},
  name?: FindName,
): ValueOrProblems<RenderedFile> {
  const rendered = rendering(source, variables, seen, { name, find: findIn(source.file, files) })
  if (!rendered.ok)
    return refuse(
      problemOf(
        rendered,
        { file: source.file, line: 1, column: 1 },
        name === undefined ? namesOf(variables, seen) : undefined,
      ),
    )
  const others = rendered.templates.filter(({ file }) => file !== source.file)
  return accept({ text: rendered.text, sources: [source, ...others] })
}

export function templateProblems(text: string, at: Place, known: readonly string[] | undefined): readonly Problem[] {
  const source = { file: at.file, text }
  const placeOf = placesOf(source)
  return readTemplate(text, known).faults.map((fault) => problemAt(fault, placeOf(fault.offset ?? 0), at, known))
}

export function templateFileProblems(
  source: SourceText,
  known: readonly string[] | undefined,
  files: Files,
): readonly Problem[] {
  const problems: Problem[] = []
  const waiting = [{ source, known }]
  const seen = new Set([source.file])
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, text } = next.source
    const at = { file, line: 1, column: 1 }
    const reading = readTemplate(text, next.known)
    const placeOf = placesOf(next.source)
    for (const fault of reading.faults) problems.push(problemAt(fault, placeOf(fault.offset ?? 0), at, known))
    for (const { name, offset, mayBeMissing } of reading.templates) {
      const named = readNamed(name, placeOf(offset), source.file, files)
      if (!named.ok && !mayBeMissing) problems.push(...named.problems)
      if (!named.ok || seen.has(named.value.file)) continue
      seen.add(named.value.file)
      // What is included sees more than what is known here: the names that the including template sets.
      waiting.push({ source: named.value, known: undefined })
    }
  }
  return problems
}

function namesOf(variables: Variables, seen: LazyVariables) {
  return [...Object.keys(variables), ...Object.keys(seen)]
}

function rendering(
  source: SourceText,
  variables: Variables,
  seen: LazyVariables,
  { name, find }: { readonly name?: FindName | undefined; readonly find?: FindTemplate },
): RenderResult {
  try {
    const values = [
      ...Object.entries(seen).map(([name, value]) => [name, lazyJinja(value)] as const),
      // A parameter hides what is seen besides: workflows have had one named `fabric`.
      ...Object.entries(variables).map(([name, value]) => [name, valueFrom(value)] as const),
    ]
    return render(source, {
      variables: values,
      ...definedMembers({ name, find }),
    })
  } catch (thrown) {
    if (thrown instanceof TemplateFault) return { ok: false, fault: thrown, template: source, offset: 0 }
    throw thrown
  }
}

// One that is there and must not be read is a fault, not a missing one.
function findIn(templateFile: string, files: Files): FindTemplate {
  return (name) => {
    const read = readNamed(name, { file: templateFile, line: 1, column: 1 }, templateFile, files)
    if (read.ok) return read.value
    const [{ code, message, hint = '' }] = read.problems
    if (code === 'no-such-file') return undefined
    throw refused(message, hint)
  }
}

export function problemOf(
  { fault, template, offset }: Extract<RenderResult, { ok: false }>,
  at: Place,
  known: readonly string[] | undefined,
): Problem {
  return problemAt(fault, placesOf(template)(offset), at, known)
}

function placesOf({ file, text }: SourceText) {
  return placesIn(withPlainLineEnds(text), file)
}

function problemAt(
  fault: TemplateFault,
  { file, line, column }: Place,
  at: Place,
  known: readonly string[] | undefined,
) {
  if (fault.problem !== undefined) return fault.problem
  const place =
    file === at.file
      ? { file: at.file, line: at.line + line - 1, column: line === 1 ? at.column + column - 1 : column }
      : { file, line, column }
  const name = /^`(\w+)` is not defined$/.exec(fault.message)?.[1]
  const hint = fault.hint === '' && name !== undefined ? nameHint(name, known) : fault.hint
  return { code: fault.code, message: fault.message, at: place, hint }
}

function nameHint(name: string, known: readonly string[] | undefined) {
  if (known === undefined)
    return `no parameter and no variable of this switch has this name; where it may be missing, write \`${name} | default(…)\``
  const declared = `${didYouMean(name, known)}; a parameter is declared under \`params\``
  if (!known.includes('device')) return declared
  const here =
    name === 'inventory_hostname' ? 'the name of the switch is `device.name`' : `a variable is \`device.vars.${name}\``
  return `${declared}, ${here}`
}
