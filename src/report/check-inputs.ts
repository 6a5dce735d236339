import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

export interface CheckInput {
  readonly name: string
  /** What it takes, in a word or two: `text`, `number`, `list`, `one of a, b`. */
  readonly takes: string
  readonly required: boolean
  readonly default?: string
  readonly description: string
}

/** The inputs of a check, out of the JSON Schema of what a person writes; members of lists and objects behind their owner. */
export function checkInputs(schema: Json): readonly CheckInput[] {
  return isJsonObject(schema) ? membersOf(schema, '') : []
}

function membersOf(schema: JsonObject, owner: string): readonly CheckInput[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(properties).flatMap(([key, member]) => {
    if (!isJsonObject(member)) return []
    const name = `${owner}${key}`
    return [
      {
        name,
        takes: takenBy(member),
        required: required.includes(key) && member.default === undefined,
        ...(member.default === undefined ? {} : { default: JSON.stringify(member.default) }),
        description: typeof member.description === 'string' ? member.description : '',
      },
      ...within(member, name),
    ]
  })
}

function within(member: JsonObject, name: string): readonly CheckInput[] {
  if (isJsonObject(member.items)) return within(member.items, `${name}[]`)
  if (isJsonObject(member.properties)) return membersOf(member, `${name}.`)
  if (isJsonObject(member.additionalProperties)) return within(member.additionalProperties, `${name}.<name>`)
  return formsOf(member).flatMap((form) => within(form, name))
}

function formsOf(member: JsonObject) {
  const forms = member.anyOf ?? member.oneOf
  return Array.isArray(forms) ? forms.filter(isJsonObject) : []
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
  null: 'nothing',
}

function takenBy(member: JsonObject): string {
  if (Array.isArray(member.enum)) return `one of ${member.enum.map(String).join(', ')}`
  if (member.const !== undefined) return String(member.const)
  const forms = formsOf(member).map(takenBy)
  if (forms.length > 0) return [...new Set(forms)].join(' or ')
  return typeof member.type === 'string' ? (WORDS[member.type] ?? member.type) : 'any'
}
