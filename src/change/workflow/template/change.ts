import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { LazyMap, LazyScalar, LazyValue } from '../../../model/once.ts'
import { localizedKey, type RotatedSecret, SNMP_AUTHS } from '../../../model/rotated-secret.ts'
import { Secret } from '../../../model/secret.ts'
import { readAsJinja } from '../../../text/jinja/object/arithmetic.ts'
import type { FindName } from '../../../text/jinja/run/scope.ts'
import { accept, GENERATED_LIMIT, problemsOf, readText, refuse } from '../../../text/source/located.ts'
import type { ChangeSource, Workflow } from '../definition/workflow.ts'
import { textFault } from '../param/judge.ts'
import { type Files, readNamed, type SourceText } from './files.ts'
import { type LazyVariables, renderFile, renderTemplate, type Variables } from './render.ts'

const AT: Place = { file: 'rotated', line: 1, column: 1 }

// What stands in for a secret where none is made: in tests of workflows, rehearsals, and where files are only judged.
const INVENTED: RotatedSecret = {
  secret: new Secret('invented-by-eosflow'),
  sha512: '$6$rotatedByEosflow$978LBOGofyZKLvQqIg.3gf7Y5.nmRTnk3.gw8U4vLk9Pi0J0I0bZ/ulRdrF4cRIjBRPOK/YOprflnK3Rd1ZFc/',
}

// A key of 128 bits: AES of SNMPv3 takes the first of the localized key (RFC 3826 1.2.1).
const AES128 = 32

function seenSecret(rotated: RotatedSecret = INVENTED): LazyMap {
  return mapOf(['sha512', 'snmp'], (name) => {
    if (name === 'sha512') return text(rotated.sha512)
    return name === 'snmp' ? mapOf([], (engine) => keysOf(rotated, engine)) : undefined
  })
}

// The keys for one engine; undefined for what is no id of one (RFC 3411 5: 5 to 32 bytes).
function keysOf({ secret }: RotatedSecret, engine: string): LazyMap | undefined {
  if (!/^(?:[0-9a-fA-F]{2}){5,32}$/.test(engine)) return undefined
  return mapOf(['auth', 'aes'], (use) => {
    if (use !== 'auth' && use !== 'aes') return undefined
    return mapOf(SNMP_AUTHS, (name) => {
      const auth = SNMP_AUTHS.find((one) => one === name)
      if (auth === undefined) return undefined
      const key = localizedKey(secret, engine, auth)
      return text(use === 'aes' ? key.slice(0, AES128) : key)
    })
  })
}

function mapOf(keys: readonly string[], member: (name: string) => LazyMap | LazyScalar | undefined): LazyMap {
  return { kind: 'map', at: AT, keys: () => keys, member }
}

function text(value: string): LazyScalar {
  return { kind: 'scalar', value, isSecret: true, at: AT }
}

export interface TemplateScope {
  readonly name: string
  readonly device: LazyMap
  readonly fabric: LazyMap
}

export interface ChangeLines {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly sources: readonly SourceText[]
}

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

function linesOf(text: string) {
  const trimmed = text.trimEnd()
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => line.trimEnd())
}

function lineFault(line: string) {
  return textFault(line.replaceAll('\t', ' '))
}

interface Hosts {
  readonly device: LazyMap
  readonly fabric: LazyMap
}

function hostNames(hosts: Hosts, taken: ReadonlySet<string>): FindName {
  return (name) => (taken.has(name) ? undefined : readAsJinja(() => valueNamed(name, hosts)))
}

function valueNamed(name: string, { device, fabric }: Hosts): LazyValue | undefined {
  switch (name) {
    case 'inventory_hostname':
      return device.member('name')
    case 'inventory_hostname_short':
      return shortened(device.member('name'))
    case 'group_names':
      return device.member('groups')
    case 'hostvars':
      return { ...fabric, member: (host) => variablesOf(fabric.member(host)) }
    default: {
      const variables = variablesOf(device)
      return variables?.kind === 'map' ? variables.member(name) : undefined
    }
  }
}

function variablesOf(device: LazyValue | undefined): LazyValue | undefined {
  return device?.kind === 'map' ? device.member('vars') : undefined
}

function shortened(name: LazyValue | undefined) {
  if (name?.kind !== 'scalar' || typeof name.value !== 'string') return name
  const isAddress = /^[\d.]+$|:/.test(name.value)
  return isAddress ? name : { ...name, value: name.value.split('.')[0] ?? name.value }
}

/** `{{ … }}` in a text that takes values alone. */
export const PLACEHOLDER = /\{\{[\s\S]*?\}\}/g

export interface PlacedValues {
  /** It reads the switch, so that it has a value of each; else it has one. */
  readonly isOfSwitch: boolean
  readonly values: readonly string[]
  readonly problems: readonly Problem[]
}

/** The values of a placeholder for the switches of a change, each once. */
export function valuesOf(
  placeholder: string,
  at: Place,
  params: JsonObject,
  switches: readonly TemplateScope[],
): PlacedValues {
  const isOfSwitch = /\bdevice\b/.test(placeholder)
  const seers = isOfSwitch ? switches : switches.slice(0, 1)
  const rendered = seers.map(({ device, fabric }) => renderTemplate(placeholder, at, params, { device, fabric }))
  return {
    isOfSwitch,
    values: [...new Set(rendered.flatMap((one) => (one.ok ? [one.value] : [])))],
    problems: rendered.flatMap(problemsOf),
  }
}

/** A regular expression of RE2 that is exactly these texts. */
export function unionPattern(texts: readonly string[]): string {
  const all = texts.map(literalPattern)
  return all.length === 1 ? (all[0] ?? '') : `(?:${all.join('|')})`
}

/** A regular expression of RE2 that is exactly this text. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

/**
 * Whether the part of a template in which a fault is, `{{ … }}` or `{% … %}`, uses none of these parameters, and no name that the
 * template gives a value itself: then no value of theirs mends it.
 */
export function isFaultWithout(
  names: readonly string[],
  { at }: Problem,
  { change: { source } }: Pick<Workflow, 'change'>,
  files: Files,
): boolean {
  const template = source.from === 'lines' ? writtenLine(source.lines, at) : templateAt(at, files)
  const part = template === undefined ? undefined : partAt(template)
  return part !== undefined && !namesAny(part, [...names, ...ownNames(template?.text ?? '')])
}

export function namesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(text))
}

interface Fault {
  readonly text: string
  readonly offset: number
}

function writtenLine(lines: readonly { readonly text: string; readonly at: Place }[], at: Place): Fault | undefined {
  const line = lines.findLast((one) => one.at.line === at.line && one.at.column <= at.column)
  return line === undefined || line.text.includes('\n')
    ? undefined
    : { text: line.text, offset: at.column - line.at.column }
}

function templateAt({ file, line, column }: Place, files: Files): Fault | undefined {
  const content = files(file)
  const read = content === undefined ? undefined : readText(content, file)
  if (read?.ok !== true) return undefined
  const before = read.value.split('\n').slice(0, line - 1)
  return { text: read.value, offset: before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1 }
}

function partAt({ text, offset }: Fault) {
  for (const { 0: part, index } of text.matchAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g)) {
    if (index <= offset && offset < index + part.length) return part
  }
  return undefined
}

function ownNames(text: string) {
  const statements = text.match(/\{%-?\s*(?:set|for|macro|call|with|import|from)\b[\s\S]*?%\}/g) ?? []
  return statements.flatMap(
    (statement) =>
      (/^\{%-?\s*(?:set|for)\s+([^=]*?)(?:=|\bin\b|%\})/.exec(statement)?.[1] ?? statement).match(/[A-Za-z_]\w*/g) ??
      [],
  )
}
