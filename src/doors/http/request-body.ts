import { definedMembers } from '../../model/defined-members.ts'
import { DuplicateMember, givenJson } from '../../model/json.ts'
import { TOKEN_FIELD } from './credentials.ts'
import { RequestRefusal } from './request/fault.ts'

/** The longest body that is taken, in bytes. */
export const LONGEST_BODY = 1024 * 1024

export interface RequestBody {
  readonly value: unknown
  readonly isForm: boolean
  readonly token?: string
}

/** Reads a body: JSON, or a form of a page, whose fields `params.NAME` are the parameters. Throws for anything else. */
export function readBody(contentType: string | null, text: string): RequestBody {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return whole(formBody(text))
  if (text === '') return { value: {}, isForm: false }
  if (type !== 'application/json') {
    throw new RequestRefusal({
      kind: 'unsupported-media-type',
      message: 'a body is JSON or a form',
      hint: 'Content-Type: application/json',
    })
  }
  const value = jsonIn(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return whole({ value, isForm: false })
  throw new RequestRefusal({ kind: 'input', message: 'a body is a JSON object' })
}

function whole(body: RequestBody) {
  const left = [body.value]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue
    if (Object.hasOwn(one, '__proto__'))
      throw new RequestRefusal({ kind: 'input', message: 'the key `__proto__` is not allowed' })
    for (const each of Object.values(one)) if (each !== undefined) left.push(each)
  }
  return body
}

function jsonIn(text: string): unknown {
  try {
    return givenJson(text)
  } catch (error) {
    const message = error instanceof DuplicateMember ? `in the body ${error.message}` : 'the body is no JSON'
    throw new RequestRefusal({ kind: 'input', message })
  }
}

function formBody(text: string): RequestBody {
  const value: [string, unknown][] = []
  const params: [string, string][] = []
  let token: string | undefined
  const named = new Set<string>()
  for (const [name, field] of new URLSearchParams(text)) {
    if (named.has(name)) throw new RequestRefusal({ kind: 'input', message: `the form has ${name} twice` })
    named.add(name)
    if (name === TOKEN_FIELD) token = field
    else if (name.startsWith('params.')) {
      // A field that was left empty is a parameter that was not given.
      if (field !== '') params.push([name.slice('params.'.length), field])
    } else if (field !== '') value.push([name, fieldValue(field)])
  }
  const given = Object.fromEntries(params.length === 0 ? value : [...value, ['params', Object.fromEntries(params)]])
  return { value: given, isForm: true, ...definedMembers({ token }) }
}

function fieldValue(field: string): unknown {
  return field === 'true' ? true : field
}
