import type { ValueOrProblems } from '../../../model/error.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { accept } from '../../../text/source/located.ts'
import { judgeParam } from '../param/judge.ts'
import { type DeclaredParam, type GivenParams, readOwn, readParams } from '../param/read.ts'
import type { Param, RecordMember, ScalarParam } from '../param/schema.ts'
import type { Workflow } from './workflow.ts'

export interface SampleParams {
  readonly values: JsonObject
  readonly invented: readonly string[]
  readonly without: readonly string[]
}

export function sampleParams(
  workflow: Pick<Workflow, 'params' | 'name'>,
  given: GivenParams,
): ValueOrProblems<SampleParams> {
  const values: Record<string, Json> = {}
  const invented: string[] = []
  const without: string[] = []
  const { params, name: workflowName } = workflow
  for (const [name, param] of Object.entries(params)) {
    if (Object.hasOwn(given, name) || param.default !== undefined) continue
    const value = sampleOf(name, param)
    if (value === undefined) without.push(name)
    else values[name] = value
    if (value !== undefined && param.example === undefined) invented.push(name)
  }
  const rest = Object.fromEntries(
    Object.entries(params).filter(([name]) => !Object.hasOwn(values, name) && !without.includes(name)),
  )
  const read = readParams({ params: rest, name: workflowName }, given)
  return read.ok ? accept({ values: { ...values, ...read.value }, invented, without }) : read
}

function sampleOf(name: string, param: DeclaredParam) {
  if (param.example !== undefined) {
    const read = readOwn(name, param, 'example')
    return read.ok ? read.value : undefined
  }
  for (const value of inventedOf(param)) {
    const judged = judgeParam(param, value)
    if (judged.ok) return judged.value
  }
  return undefined
}

function inventedOf(param: Param): readonly Json[] {
  switch (param.type) {
    case 'list':
      return repeated(inventedScalar(param.items), param.minItems)
    case 'table':
      return repeated(inventedRecord(param.columns), param.minRows)
    case 'object':
      return inventedRecord(param.properties ?? {})
    default:
      return inventedScalar(param)
  }
}

function repeated(items: readonly Json[], least = 1): readonly Json[] {
  return items.map((item) => Array.from({ length: Math.max(1, least) }, () => item))
}

function inventedRecord(members: Readonly<Record<string, RecordMember>>): readonly Json[] {
  const values = Object.entries(members).map(([name, member]) => {
    const values = member.example === undefined ? inventedScalar(member) : [member.example]
    return [name, values.find((value) => judgeParam(member, value).ok)] as const
  })
  const found = values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return found.length < values.length ? [] : [Object.fromEntries(found)]
}

function inventedScalar(param: ScalarParam): readonly Json[] {
  switch (param.type) {
    case 'integer':
      return [param.minimum ?? Math.min(1, param.maximum ?? 1)]
    case 'string':
      return param.enum ?? ['x1', 'X1', '1']
    case 'boolean':
      return [true]
    case 'ipAddress':
      return ['192.0.2.1', '2001:db8::1']
    case 'ipPrefix':
      return ['192.0.2.0/24', '2001:db8::/64']
    case 'ipInterface':
      return ['192.0.2.1/24', '2001:db8::1/64']
    case 'interface':
      return ['Ethernet1']
    case 'vlanRange':
      return ['110']
  }
}
