import { definedMembers, type Json } from '../../../model/json.ts'
import { MOST_TABLE_ROWS, type Param, type RecordMember, type ScalarParam } from './schema.ts'

export interface ParameterSchema {
  readonly type?: 'string' | 'integer' | 'boolean' | 'array' | 'object'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  /** Anchored: JSON Schema looks for a pattern anywhere in the text (its 6.3.3). */
  readonly pattern?: string
  readonly items?: ParameterSchema
  readonly properties?: Readonly<Record<string, ParameterSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false
  readonly minItems?: number
  readonly maxItems?: number
  readonly default?: Json
  readonly examples?: readonly Json[]
}

export interface ParametersSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, ParameterSchema>>
  readonly required: readonly string[]
  readonly additionalProperties: false
}

/** It says what JSON Schema can say: whether a text is an address, a prefix or an interface is judged by `readParams` alone, and told here in the description. */
export function parametersSchema(params: Readonly<Record<string, Param>>): ParametersSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(params).map(([name, param]) => [name, schemaOf(param)])),
    required: Object.entries(params).flatMap(([name, param]) => (param.default === undefined ? [name] : [])),
    additionalProperties: false,
  }
}

function schemaOf(param: Param): ParameterSchema {
  const { description, example } = param
  const given = {
    ...(param.default === undefined ? {} : { default: param.default as Json }),
    ...(example === undefined ? {} : { examples: [example as Json] }),
  }
  const described = description === undefined ? {} : { description }
  switch (param.type) {
    case 'list': {
      const { items, minItems, maxItems } = param
      return { type: 'array', items: valueSchema(items), ...bounds(minItems, maxItems), ...described, ...given }
    }
    case 'table': {
      const { columns, minRows, maxRows = MOST_TABLE_ROWS } = param
      return { type: 'array', items: recordSchema(columns), ...bounds(minRows, maxRows), ...described, ...given }
    }
    case 'object': {
      const { properties } = param
      return { ...(properties === undefined ? { type: 'object' } : recordSchema(properties)), ...described, ...given }
    }
    default:
      return { ...valueSchema(param, description), ...given }
  }
}

function bounds(
  minItems: number | undefined,
  maxItems: number | undefined,
): Pick<ParameterSchema, 'minItems' | 'maxItems'> {
  return definedMembers({ minItems, maxItems })
}

function recordSchema(members: Readonly<Record<string, RecordMember>>): ParameterSchema {
  const needed = Object.entries(members).flatMap(([name, { optional, default: value }]) =>
    optional === true || value !== undefined ? [] : [name],
  )
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(members).map(([name, member]) => [
        name,
        {
          ...valueSchema(member, member.description),
          ...definedMembers({ default: member.default }),
        },
      ]),
    ),
    required: needed,
    additionalProperties: false,
  }
}

function valueSchema(param: ScalarParam, description?: string): ParameterSchema {
  const words = [description, KINDS[param.type]].filter((text) => text !== undefined)
  return { ...scalarOf(param), ...(words.length === 0 ? {} : { description: words.join(', ') }) }
}

const KINDS: Readonly<Partial<Record<ScalarParam['type'], string>>> = {
  ipAddress: 'an IP address',
  ipPrefix: 'an IP prefix as 10.0.0.0/24',
  ipInterface: 'an IP address with its prefix length as 10.0.0.1/24',
  interface: 'an interface as Ethernet1',
  vlanRange: 'VLANs as 110-112,120',
}

function scalarOf(param: ScalarParam): ParameterSchema {
  if (param.type === 'integer') {
    const { minimum, maximum } = param
    return {
      type: 'integer',
      ...definedMembers({ minimum, maximum }),
    }
  }
  if (param.type === 'boolean') return { type: 'boolean' }
  // A VLAN range may be written as one number.
  if (param.type === 'vlanRange') return {}
  if (param.type !== 'string') return { type: 'string' }
  const { pattern, enum: choices, maxLength } = param
  return {
    type: 'string',
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
    ...definedMembers({ enum: choices, maxLength }),
  }
}
