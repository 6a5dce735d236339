import { antaWords, type CheckStatus } from '../../eos/check/anta-words.ts'
import { checkNamed } from '../../eos/check/builtin/known-checks.ts'
import type { Check } from '../../eos/check/define/define-check.ts'
import { isOfTheCatalog } from '../../eos/check/read-catalog.ts'
import type { Reply } from '../../eos/device/device.ts'
import { definedMembers, isJsonObject, type Json } from '../../model/json.ts'

export interface CheckCommand {
  readonly command: string
  readonly revision?: number
  readonly format: 'json' | 'text'
}

export interface CheckResult {
  readonly result: CheckStatus
  readonly messages: readonly string[]
}

/** What the check of that name asks, given its inputs (null: none). Throws TypeError when there is no such check or it refuses the inputs. */
export function checkCommands(name: string, inputs: Json): readonly CheckCommand[] {
  const check = named(name)
  const given = inputsFor(check, inputs)
  if (!given.ok) throw new TypeError(given.message)
  const { input } = given
  return check.commands(input).map(({ cmd, revision, format }) => ({
    command: cmd,
    ...definedMembers({ revision }),
    format: format ?? 'json',
  }))
}

/** Judges what a switch answered, one output per command of {@link checkCommands}. An output that is missing or null was not answered, which is an error as inputs are that the check refuses. */
export function judgeCheck(
  name: string,
  inputs: Json,
  outputs: readonly Json[],
  now: number = Date.now() / 1000,
): CheckResult {
  const check = named(name)
  const given = inputsFor(check, inputs)
  if (!given.ok) return { result: 'error', messages: [given.message] }
  const { input } = given
  const commands = check.commands(input)
  const replies = commands.map(({ cmd }, index): Reply => {
    const json = outputs[index] ?? null
    return json === null ? { ok: false, error: `\`${cmd}\` was not answered` } : { ok: true, json }
  })
  const verdict = check.judge(input, replies, { device: 'device', now, baseline: {} })
  if (verdict instanceof Promise) throw new TypeError(`the check \`${name}\` is judged by judgeAll, which waits for it`)
  const { status, messages } = antaWords(verdict)
  return { result: status, messages }
}

function named(name: string) {
  const check = checkNamed(name)
  if (check === undefined) throw new TypeError(`there is no check \`${name}\``)
  return check
}

type Given = { readonly ok: true; readonly input: unknown } | { readonly ok: false; readonly message: string }

function inputsFor({ name, input }: Check, inputs: Json): Given {
  const own = isJsonObject(inputs)
    ? Object.fromEntries(Object.entries(inputs).filter(([key]) => !isOfTheCatalog(key)))
    : (inputs ?? {})
  const parsed = input.safeParse(own)
  if (parsed.success) return { ok: true, input: parsed.data }
  const [issue] = parsed.error.issues
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`
  return { ok: false, message: `the check \`${name}\` does not accept its inputs${at}: ${issue?.message ?? ''}` }
}
