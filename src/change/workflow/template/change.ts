import type { JsonObject } from '../../../model/json.ts'
import type { LazyMap } from '../../../model/lazy-value.ts'
import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import type { FindName } from '../../../text/jinja/run/scope.ts'
import { accept, refuse } from '../../../text/source/checked.ts'
import { GENERATED_LIMIT } from '../../../text/source/text.ts'
import type { ChangeSource, Workflow } from '../definition/workflow.ts'
import { textFault } from '../param/judge-scalar.ts'
import { type Files, readNamed, type SourceText } from './files.ts'
import { hostNames } from './host-names.ts'
import { type LazyVariables, renderFile, renderTemplate, type Variables } from './render.ts'
import { seenSecret } from './seen-secret.ts'

/** What the templates of a change see of the inventory: the switch that is changed, and all by their names. */
export interface TemplateScope {
  /** Its name. */
  readonly name: string
  readonly device: LazyMap
  readonly fabric: LazyMap
}

/** The change of one switch, and the files besides the workflow's own that it came from. */
export interface ChangeLines {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly sources: readonly SourceText[]
}

/**
 * Renders the change of one switch with the values of the parameters. In merge mode no lines mean that there is
 * nothing to change on it: a template may skip switches.
 */
export function changeLines(
  workflow: Pick<Workflow, 'change' | 'file'>,
  params: JsonObject,
  { name, device, fabric }: TemplateScope,
  files: Files,
): ValueOrProblems<ChangeLines> {
  const { mode, source, vars } = workflow.change
  const seen = { device, fabric, rotated: seenSecret(files.rotated) }
  const find =
    vars === undefined
      ? undefined
      : hostNames({ device, fabric }, new Set([...Object.keys(params), ...Object.keys(seen)]))
  const rendered = renderSource(source, workflow.file, { variables: params, seen, find }, files)
  if (!rendered.ok) return rendered
  const { text, sources, at } = rendered.value
  const lines = linesOf(text)
  if (lines.length === 0 && mode === 'replace') {
    const hint = 'an empty configuration would erase the switch: see the file'
    return refuse({ code: 'empty-configuration', message: `the intended configuration of ${name} is empty`, at, hint })
  }
  const fault = lines.map(lineFault).find((found) => found !== undefined)
  if (fault === undefined) return accept({ mode, lines, sources })
  const hint = 'a command is one line of plain text of at most 4096 characters'
  return refuse({ code: 'bad-line', message: `a line of the change of ${name} ${fault}`, at, hint })
}

/** The texts that decide what a workflow does on the given switches: its file, templates and intended configurations, each once. */
export function workflowSources(
  workflow: Pick<Workflow, 'file' | 'text'>,
  changes: readonly ChangeLines[],
): readonly SourceText[] {
  const all = [{ file: workflow.file, text: workflow.text }, ...changes.flatMap(({ sources }) => sources)]
  return [...new Map(all.map((source) => [source.file, source])).values()]
}

interface Rendered {
  readonly text: string
  readonly sources: readonly SourceText[]
  readonly at: Place
}

interface Values {
  readonly variables: Variables
  readonly seen: LazyVariables
  readonly find: FindName | undefined
}

function renderSource(
  source: ChangeSource,
  workflowFile: string,
  values: Values,
  files: Files,
): ValueOrProblems<Rendered> {
  const { variables, seen, find } = values
  if (source.from === 'lines') return renderLines(source.lines, values)
  if (source.from === 'file') {
    const path = renderTemplate(source.path, source.at, variables, seen, find)
    if (!path.ok) return path
    const read = readNamed(path.value, source.at, workflowFile, files, GENERATED_LIMIT)
    return read.ok ? accept({ text: read.value.text, sources: [read.value], at: firstOf(read.value) }) : read
  }
  const read = readNamed(source.path, source.at, workflowFile, files)
  if (!read.ok) return read
  const rendered = renderFile(read.value, variables, files, seen, find)
  return rendered.ok ? accept({ ...rendered.value, at: firstOf(read.value) }) : rendered
}

function renderLines(
  lines: readonly { text: string; at: Place }[],
  { variables, seen, find }: Values,
): ValueOrProblems<Rendered> {
  const rendered = lines.map(({ text, at }) => renderTemplate(text, at, variables, seen, find))
  const [first, ...rest] = rendered.flatMap((line) => (line.ok ? [] : line.problems))
  if (first !== undefined) return refuse(first, ...rest)
  const text = rendered.map((line) => (line.ok ? line.value : '')).join('\n')
  return accept({ text, sources: [], at: lines[0]?.at ?? { file: '', line: 1, column: 1 } })
}

function firstOf({ file }: SourceText): Place {
  return { file, line: 1, column: 1 }
}

/** The lines of a text without blanks at their ends and empty lines behind the last; indentation is kept. */
function linesOf(text: string): string[] {
  const trimmed = text.trimEnd()
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => line.trimEnd())
}

/** Tabs at the beginning are indentation; anywhere else no control character may be in a command. */
function lineFault(line: string): string | undefined {
  return textFault(line.replaceAll('\t', ' '))
}
