import type { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import { type AskedCommand, MissingMember, placeOf } from './show.ts'

/** An answer without the members that are null: EOS leaves out what it does not know, or gives it as null (recorded both ways). */
export function withoutNulls(json: Json): Json {
  if (Array.isArray(json)) return json.map((one: Json) => withoutNulls(one))
  if (typeof json !== 'object' || json === null) return json
  const told = Object.entries(json).filter(([, member]) => member !== null)
  return Object.fromEntries(told.map(([key, member]) => [key, withoutNulls(member)]))
}

// What EOS says where the hardware has no such thing (docs/eos.md 1.4: code 1002).
const UNSUPPORTED = /not supported on this hardware platform/i

export function answersIn<V extends Verdict | Promise<Verdict> = Verdict>(
  asked: readonly AskedCommand[],
  replies: readonly Reply[],
  judge: (answers: readonly unknown[]) => V,
): V | Verdict {
  const answers: unknown[] = []
  for (const [index, one] of asked.entries()) {
    const read = answerIn(replies[index], one)
    if ('verdict' in read) return read.verdict
    answers.push(read.answer)
  }
  try {
    return judge(answers)
  } catch (thrown) {
    if (thrown instanceof MissingMember) return withoutMember(thrown, asked, answers)
    throw thrown
  }
}

function withoutMember(
  { holder, member }: MissingMember,
  asked: readonly AskedCommand[],
  answers: readonly unknown[],
): Verdict {
  const commands = asked.map(({ command }) => `\`${command.cmd}\``)
  for (const [index, cmd] of commands.entries()) {
    const place = placeOf(answers[index], holder)
    if (place !== undefined) return unjudged(`${cmd} does not tell ${[...place, member].join('.')}`).verdict
  }
  return unjudged(`${commands.join(', ')}: ${member} is not told`).verdict
}

function answerIn(
  reply: Reply | undefined,
  { command, model }: AskedCommand,
): { readonly answer: unknown } | { readonly verdict: Verdict } {
  const { cmd, format } = command
  if (reply === undefined) return unjudged(`\`${cmd}\` was not answered`)
  if (!reply.ok) return refused(cmd, reply.error)
  const errors = errorsIn(reply.json)
  if (errors !== '') return refused(cmd, errors)
  const parsed = parse(model(), format === 'text' ? printedIn(reply.json) : reply.json)
  if (parsed.success) return { answer: parsed.data }
  const path = parsed.error.issues[0]?.path ?? []
  const place = path.length === 0 ? '' : ` at ${path.map(String).join('.')}`
  return unjudged(`\`${cmd}\` answered in an unknown shape${place}${unasked(reply.revision, command)}`)
}

function unasked(given: 'latest' | undefined, { revision }: Command) {
  if (given === undefined) return ''
  return `: revision ${revision} of it cannot be asked for over SSH, only the first and the latest`
}

function refused(cmd: string, error: string): { readonly verdict: Verdict } {
  const reason = error.startsWith(`\`${cmd}\` `) ? error : `\`${cmd}\` was refused: ${error}`
  return UNSUPPORTED.test(error) ? { verdict: { status: 'skip', reason } } : unjudged(reason)
}

function unjudged(reason: string): { readonly verdict: Verdict } {
  return { verdict: { status: 'error', reason } }
}

function printedIn(json: Json) {
  return isJsonObject(json) && typeof json.output === 'string' ? json.output : json
}

/** Some models carry their error inside a successful answer (`{"errors": ["Not supported"]}`, recorded from EOS 4.23). */
export function errorsIn(json: Json): string {
  if (!isJsonObject(json) || !Array.isArray(json.errors)) return ''
  return json.errors.filter((one) => typeof one === 'string').join('; ')
}

type Parsed = z.ZodSafeParseResult<unknown>

const known = new WeakMap<object, Map<z.ZodType, Parsed>>()

function parse(model: z.ZodType, json: Json): Parsed {
  if (typeof json !== 'object' || json === null) return model.safeParse(json)
  const parsed = known.get(json) ?? new Map<z.ZodType, Parsed>()
  known.set(json, parsed)
  const result = parsed.get(model) ?? read(model, json)
  parsed.set(model, result)
  return result
}

function read(model: z.ZodType, json: Json): Parsed {
  const told = model.safeParse(json)
  return told.success ? told : model.safeParse(withoutNulls(json))
}
