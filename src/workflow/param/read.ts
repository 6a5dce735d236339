import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Checked, Place, Problem } from '../../model/problem.ts'
import { accept, acceptUnless, refuse } from '../../source/checked.ts'
import { keyPlaceOf, type Located, locatedAt, locatedNowhere, placeOf, writtenAt } from '../../source/located.ts'
import { didYouMean } from '../../source/suggest.ts'
import { readYaml, readYamlValue } from '../../source/yaml.ts'
import { judgeParam, type Written } from './judge.ts'
import type { Param } from './schema.ts'

/** Values for parameters by name: text as it stands behind `-p name=`, or a part of a file. */
export type GivenParams = Readonly<Record<string, Located | string>>

/** A declared parameter, and where it, the values that it has without a given one are written. */
export type DeclaredParam = Param & {
  readonly at: Place
  readonly written?: { readonly default?: Located; readonly example?: Located }
}

/** The parameters that a workflow of that name declares. */
export interface DeclaredParams {
  readonly name: string
  readonly params: Readonly<Record<string, DeclaredParam>>
}

/** Reads the file of `--params`: a mapping of names to values. */
export function readParamsFile(content: string | Uint8Array, file: string): Checked<GivenParams> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const { value } = read
  if (!isJsonObject(value.value)) {
    const hint = 'write one parameter per line: `vlan: 120`'
    return refuse({
      code: 'wrong-type',
      message: 'the file must be a mapping of parameters to values',
      at: placeOf(value),
      hint,
    })
  }
  const entries = Object.keys(value.value).map((name) => [name, locatedAt(value, [name]) ?? value] as const)
  return accept(Object.fromEntries(entries))
}

/** The values of a workflow's parameters, typed and complete, or everything that is wrong with what was given. */
export function readParams(workflow: DeclaredParams, given: GivenParams): Checked<JsonObject> {
  const problems: Problem[] = []
  const values: [string, Json][] = []
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(workflow.params, name)) problems.push(unknown(name, value, workflow))
  }
  for (const [name, param] of Object.entries(workflow.params)) {
    const read = readParam(name, param, Object.hasOwn(given, name) ? given[name] : undefined)
    if (!read.ok) problems.push(...read.problems)
    else values.push([name, read.value])
  }
  return acceptUnless(problems, () => Object.fromEntries(values))
}

/** The value of one declared parameter; its own default is judged like any other value. */
export function readParam(name: string, param: DeclaredParam, given: Located | string | undefined): Checked<Json> {
  if (given === undefined) {
    return param.default === undefined ? refuse(missing(name, param)) : readOwn(name, param, 'default')
  }
  if (typeof given !== 'string') return judgedAt(name, param, given)
  const typed = typedText(given, param, `-p ${name}`)
  return typed.ok ? judgedAt(name, param, typed.value) : typed
}

/** What a parameter itself says of its value, judged like a given one and as it is written: `010` is not 10. */
export function readOwn(name: string, param: DeclaredParam, own: 'default' | 'example'): Checked<Json> {
  const located = param.written?.[own]
  if (located !== undefined) return judgedAt(name, param, located)
  const value = param[own] as Json
  return judged(
    name,
    param,
    value,
    () => param.at,
    () => undefined,
  )
}

function judgedAt(name: string, param: Param, given: Located): Checked<Json> {
  const written: Written = (index) => writtenAt(given, index === undefined ? [] : [index])
  return judged(name, param, given.value, (path) => placeOf(given, path), written)
}

function judged(
  name: string,
  param: Param,
  value: Json,
  place: (path: readonly number[]) => Place,
  written: Written,
): Checked<Json> {
  const judgement = judgeParam(param, value, written)
  if (judgement.ok) return accept(judgement.value)
  const { path, message, hint } = judgement
  const subject = `\`${name}${path.map((index) => `[${index}]`).join('')}\``
  return refuse({ code: 'bad-parameter', message: `the parameter ${subject}: ${message}`, at: place(path), hint })
}

/** On the command line a text needs no second pair of quotes: `-p label=120` is text where text is asked for. */
function typedText(text: string, param: Param, file: string): Checked<Located> {
  return isReadAsYaml(text, param) ? readYamlValue(text, file) : accept(locatedNowhere(text, file))
}

/** Whether the text of a parameter is read as YAML; any other is the value. */
export function isReadAsYaml(text: string, { type }: Pick<Param, 'type'>): boolean {
  return ['integer', 'boolean', 'list'].includes(type) || /^(["']).*\1$/s.test(text)
}

function unknown(name: string, value: Located | string, workflow: DeclaredParams): Problem {
  const at = typeof value === 'string' ? { file: `-p ${name}`, line: 1, column: 1 } : keyPlaceOf(value)
  const known = Object.keys(workflow.params)
  const hint = known.length === 0 ? 'this workflow has no parameters' : didYouMean(name, known)
  return { code: 'unknown-parameter', message: `the workflow ${workflow.name} has no parameter \`${name}\``, at, hint }
}

function missing(name: string, param: DeclaredParam): Problem {
  const what = param.description === undefined ? '' : ` (${param.description})`
  return {
    code: 'missing-parameter',
    message: `the parameter \`${name}\`${what} is not given`,
    at: param.at,
    hint: `give it: -p ${name}=${SAMPLES[param.type]}`,
  }
}

const SAMPLES: Readonly<Record<Param['type'], string>> = {
  integer: '120',
  string: 'TEXT',
  boolean: 'true',
  ipAddress: '10.0.0.1',
  ipPrefix: '10.0.0.0/24',
  ipInterface: '10.0.0.1/24',
  interface: 'Ethernet1',
  vlanRange: '110-112',
  list: "'[a, b]'",
}
