import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import { problemOf } from '../../model/problem.ts'
import { InputError, inputError } from '../../project/system/process/input-error.ts'
import type { ProjectOptions } from './project-options.ts'
import type { SavedPlan, StartRequest } from './requests.ts'

const text = z.string()
const word = text.min(1)
const words = z.array(word)
// The standard input of the process is its caller's, and never a file of a request.
const path = word.refine((one) => one !== '-', 'the standard input is not read')
const json = z.json() as unknown as z.ZodType<Json>
const target = { target: word.exactOptional() }
const execution = { execution: word }
const file = z.strictObject({ file: path })
const savedPlan = z.looseObject({ digest: text }) as unknown as z.ZodType<SavedPlan>

const anyPlan = z.union([file, z.strictObject(execution), savedPlan])
const planToSend = { plan: z.union([file, savedPlan]), approvals: z.array(path).exactOptional() }

const caller = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({ kind: z.literal('token'), token: word }),
  z.strictObject({ kind: z.literal('login'), issuer: word.exactOptional() }),
])

const change = {
  ...target,
  workflow: path,
  params: z.record(text, json).exactOptional(),
  skipUnreachable: z.boolean().exactOptional(),
}

const terms = {
  approve: text.exactOptional(),
  key: text
    .regex(/^[\w.:/@+-]{1,128}$/, 'a key is made of 1 to 128 letters, digits and _ . : / @ + -')
    .refine((key) => !key.startsWith('change:'), 'a key that begins with `change:` is that of a change file')
    .exactOptional(),
  noWait: z.boolean().exactOptional(),
  breakGlass: word.exactOptional(),
}

const options = z.strictObject({
  folder: z.union([word, z.instanceof(URL)]),
  caller,
  env: z.custom<ProjectOptions['env']>(
    isEnvironment,
    'expected an object of texts, such as the environment of the process',
  ),
  store: word.exactOptional(),
  insecureTls: z.boolean().exactOptional(),
  tell: z.custom<(text: string) => void>((value) => typeof value === 'function', 'expected a function').exactOptional(),
})

const startOfWorkflow = z.strictObject({ ...terms, ...change }) as z.ZodType<StartRequest>

function isEnvironment(value: unknown) {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every((one) => one === undefined || typeof one === 'string')
}

// What may be left out as a whole.
const optional = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never)

const ending = optional({ reason: text.exactOptional() })

// What is taken by each use case: no member that is not here, so that one that is misspelt is never passed over.
const REQUESTS = {
  openProject: options,
  inventory: optional(target),
  facts: optional(target),
  drift: optional(target),
  check: optional({
    ...target,
    catalog: path.exactOptional(),
    tags: words.exactOptional(),
    only: words.exactOptional(),
    since: word.exactOptional(),
    within: z.number().min(0).exactOptional(),
  }),
  snapshot: optional({ ...target, name: word.exactOptional() }),
  plan: z.strictObject({ ...change, offline: word.exactOptional() }),
  decide: z.strictObject({
    decision: z.enum(['approve', 'reject']),
    plan: anyPlan,
    digest: text,
    comment: text.exactOptional(),
    maxRuns: z.int().min(1).max(100).exactOptional(),
    key: z.union([file, z.literal('agent')]).exactOptional(),
  }),
  importDecision: z.strictObject({
    decision: z.enum(['approve', 'reject']),
    file: path,
    plan: anyPlan.exactOptional(),
  }),
  start: z.strictObject({
    ...terms,
    ...planToSend,
  }) as z.ZodType<StartRequest>,
  rebase: z.strictObject({ ...planToSend, noWait: terms.noWait }),
  execution: word,
  resume: optional({ restored: z.boolean().exactOptional() }),
  rollback: optional({
    ...target,
    approve: terms.approve,
    noWait: terms.noWait,
    anew: z.boolean().exactOptional(),
  }),
  stop: ending,
  suspend: ending,
  executions: optional({
    ...target,
    states: words.exactOptional(),
    touched: z.boolean().exactOptional(),
    most: z.int().min(1).exactOptional(),
  }),
  exportRecords: z.strictObject({
    format: z.enum(['jsonl', 'rfc5424', 'cef', 'otlp']),
    since: z.int().min(0).exactOptional(),
  }),
} as const

/** What each use case takes, once it is judged. */
export type Requests = { readonly [Name in keyof typeof REQUESTS]: z.output<(typeof REQUESTS)[Name]> }

/**
 * What a use case was given, judged and copied: what the caller does to it later changes nothing. Throws InputError with all that is wrong;
 * a value is never in it, for it may be a secret.
 */
export function givenRequest<Name extends keyof Requests>(name: Name, value: unknown): Requests[Name] {
  const isOfWorkflow = name === 'start' && typeof value === 'object' && value !== null && !('plan' in value)
  const read = copied((isOfWorkflow ? startOfWorkflow : REQUESTS[name]) as z.ZodType<Requests[Name]>, value, name)
  if (read.success) return read.data
  const problems = read.error.issues.map(({ path, message }) =>
    problemOf(path.length === 0 ? name : `${name}(${path.map(String).join('.')})`, 'bad-usage', message),
  )
  throw new InputError(problems)
}

function copied<T>(schema: z.ZodType<T>, value: unknown, name: string): z.ZodSafeParseResult<T> {
  try {
    const read = schema.safeParse(value)
    return read.success ? { success: true, data: structuredCloneOf(read.data) as T } : read
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw inputError(name, 'bad-usage', 'it has too many members within members, or holds itself')
  }
}

function structuredCloneOf(data: unknown): unknown {
  if (typeof data === 'function' || data instanceof URL || data === null || typeof data !== 'object') return data
  if (Array.isArray(data)) return data.map(structuredCloneOf)
  return Object.fromEntries(Object.entries(data).map(([key, one]) => [key, structuredCloneOf(one)]))
}
