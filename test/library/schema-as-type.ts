/** What is read of a JSON Schema here. */
interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
}

/** A JSON Schema in the words of TypeScript, one member a line. */
export function schemaAsType(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined)
    return schema.$ref === '#' || /__schema|JSON/i.test(schema.$ref) ? 'Json' : schema.$ref.replace(/^.*\//, '')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const parts = schema.anyOf ?? schema.oneOf
  if (parts !== undefined) return [...new Set(parts.map((part) => schemaAsType(part, indent)))].join(' | ')
  switch (schema.type) {
    case 'object':
      return objectAsType(schema, indent)
    case 'array':
      if (schema.prefixItems !== undefined)
        return `readonly [${schema.prefixItems.map((item) => schemaAsType(item, indent)).join(', ')}]`
      return `readonly (${schemaAsType(schema.items ?? {}, indent)})[]`
    case 'integer':
      return 'number'
    case undefined:
      return 'Json'
    default:
      return [schema.type].flat().join(' | ')
  }
}

function objectAsType({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const members = Object.entries(properties).map(([name, member]) => {
    const key = /^[\w$]+$/.test(name) ? name : JSON.stringify(name)
    return `${indent}  ${key}${required.includes(name) ? '' : '?'}: ${schemaAsType(member, `${indent}  `)}`
  })
  const others =
    typeof additionalProperties === 'object'
      ? [`${indent}  [name: string]: ${schemaAsType(additionalProperties, `${indent}  `)}`]
      : []
  const all = [...members, ...others]
  return all.length === 0 ? '{}' : `{\n${all.join('\n')}\n${indent}}`
}
