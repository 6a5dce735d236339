import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, readableJson } from '../../../model/json.ts'
import { checkpointNames } from '../../device/checkpoint-names.ts'
import type { ConfigReading, RawOutcome, StageRequest, StageResult } from '../../device/device.ts'
import { nameWord, printedDiff, SHOW_CHECKPOINTS, saidAt } from '../session/session-words.ts'

export type Format = 'json' | 'text'

/** The command that stopped a request (docs/eos.md 1.4). */
export interface CommandFailure {
  readonly code: number
  readonly index: number
  /** The switch's own words; never empty. */
  readonly errors: readonly [string, ...string[]]
}

export interface RpcAnswer {
  readonly results: readonly Json[]
  readonly failure?: CommandFailure
  /** What stands behind the failure: entries of the commands after it, where the request went on. */
  readonly behind?: readonly Json[]
}

/** What becomes of a request behind a command that was refused: it stops there, which is what EOS does by itself, or goes on. */
export type Refusals = 'stop' | 'go-on'

/** The body of a `runCmds` request (docs/eos.md 1.2). */
export function requestBody(id: string, format: Format, commands: readonly Command[], refusals: Refusals): string {
  const cmds = commands.map(({ cmd, input, revision }) =>
    input === undefined && revision === undefined ? cmd : { cmd, ...definedMembers({ input, revision }) },
  )
  const goOn = refusals === 'go-on' ? { stopOnError: false } : {}
  return JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params: { version: 'latest', cmds, format, ...goOn }, id })
}

/** The body that asks what may follow a command, which is not carried out (docs/eos.md 1.2). */
export function completionBody(id: string, command: string): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'getCommandCompletions', params: [command], id })
}

/** Throws `protocol` for everything else. */
export function readResult(body: string, id: string): Json {
  const answer = readableJson(body)
  if (!isJsonObject(answer)) throw notEapi('the body is not JSON')
  if (isJsonObject(answer.error)) throw notEapi(`it refuses the request itself: ${String(answer.error.message)}`)
  if (answer.id !== id || answer.result === undefined) throw notEapi('it answers another request')
  return answer.result
}

/**
 * Reads the answer to a request of `count` commands (docs/eos.md 1.3 and 1.4). A command that the switch refused is
 * part of the answer; everything that is not an answer to this request throws `protocol`.
 */
export function readAnswer(body: string, id: string, count: number): RpcAnswer {
  const answer = readableJson(body)
  if (!isJsonObject(answer)) throw notEapi('the body is not JSON')
  if (isJsonObject(answer.error)) return failedAnswer(answer.error, count, answer.id === id)
  if (answer.id !== id) throw notEapi('it answers another request')
  const results = answer.result
  if (!Array.isArray(results) || results.length !== count) throw notEapi(`it does not hold ${count} results`)
  return { results }
}

/** What one command of a request that goes on was answered: its result, or the switch's own words; never empty. */
export type CommandAnswer =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly errors: readonly [string, ...string[]] }

/** Reads the answer to a request of `count` commands that goes on behind a refused one: an error then holds one entry for each command (docs/eos.md 1.4). */
export function readEachAnswer(body: string, id: string, count: number): readonly CommandAnswer[] {
  const { results, failure, behind = [] } = readAnswer(body, id, count)
  const before = results.map((result): CommandAnswer => ({ ok: true, result }))
  return failure === undefined
    ? before
    : [...before, { ok: false, errors: failure.errors }, ...behind.slice(0, count - before.length - 1).map(answered)]
}

export function readOutcomes(body: string, id: string, count: number): readonly RawOutcome[] {
  const { failure } = readAnswer(body, id, count)
  return readEachAnswer(body, id, count).map((answer, at) =>
    !answer.ok && at === failure?.index ? { ...answer, code: failure.code } : answer,
  )
}

function answered(entry: Json): CommandAnswer {
  const [first, ...rest] = isJsonObject(entry) ? stringsOf(entry.errors) : []
  return first === undefined ? { ok: true, result: entry } : { ok: false, errors: [first, ...rest] }
}

/** Whether a switch refused a request because it does not know the parameter for going on (docs/eos.md 1.2). */
export function isUnknownRefusals(thrown: unknown): boolean {
  return thrown instanceof EosflowError && thrown.kind === 'protocol' && thrown.message.includes('stopOnError')
}

/** A result as a value: some commands give a string that holds JSON (docs/eos.md 1.3). */
export function modelOf(result: Json | undefined): Json {
  if (typeof result !== 'string') return result ?? null
  return readableJson(result) ?? result
}

export function textOf(result: Json | undefined): string {
  if (typeof result === 'string') return result
  return isJsonObject(result) && typeof result.output === 'string' ? result.output : ''
}

/** Every line that a result says to a person, whatever its form: `messages`, `warnings`, `errors` or printed text. */
export function linesOf(result: Json | undefined): readonly string[] {
  if (!isJsonObject(result)) return textOf(result).split('\n')
  const said = ['messages', 'warnings', 'errors'].flatMap((key) => stringsOf(result[key]))
  return [...said, textOf(result)].flatMap((text) => text.split('\n'))
}

const COMMAND_NUMBER = /^CLI command (\d+) of \d+ /

// An error of a command is believed only under the id of the request: it is somebody else's otherwise.
function failedAnswer(error: JsonObject, count: number, isOfRequest: boolean): RpcAnswer {
  const message = typeof error.message === 'string' ? error.message : 'no message'
  const code = typeof error.code === 'number' ? error.code : 0
  if (code < 1000 || code > 1005) throw notEapi(`it refuses the request itself: ${message} (${code})`)
  if (!isOfRequest) throw notEapi('it answers another request')
  const data: readonly Json[] = Array.isArray(error.data) ? error.data : []
  const numbered = COMMAND_NUMBER.exec(message)?.[1]
  const index = numbered === undefined ? Math.max(0, data.length - 1) : Number(numbered) - 1
  // One that lies behind the request's end would pass for a request that went well.
  if (index < 0 || index >= count) throw notEapi(`it says that command ${index + 1} of ${count} failed`)
  const entry = data[index]
  const said = isJsonObject(entry) ? stringsOf(entry.errors).filter((text) => text.trim() !== '') : []
  const [first = suffixOf(message), ...rest] = said
  return {
    results: data.slice(0, index),
    failure: { code, index, errors: [first, ...rest] },
    behind: data.slice(index + 1),
  }
}

function suffixOf(message: string) {
  const at = message.lastIndexOf("' failed: ")
  return at < 0 ? 'could not run command' : message.slice(at + "' failed: ".length)
}

function stringsOf(value: Json | undefined) {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function notEapi(what: string) {
  return new EosflowError('protocol', `the answer is not what eAPI says: ${what}`, {
    hint: 'Check that this address and port are the eAPI of a switch (show management api http-commands).',
  })
}

export const SHOW_RUNNING: Command = { cmd: 'show running-config' }
/** How it is shown what of running-config is not saved (docs/eos.md 2.1). */
export const SHOW_DIFFS: Command = { cmd: 'show running-config diffs' }
const SHOW_STARTUP: Command = { cmd: 'show startup-config' }

interface StagingRequest {
  readonly commands: readonly Command[]
  readonly change: { readonly from: number; readonly count: number }
  readonly last: Command
  readonly beside: readonly Command[]
}

interface StagingReplies {
  readonly results: readonly Json[]
  readonly beside: readonly (Json | undefined)[]
}

/** What a request of so many commands and some beside them was answered, and those behind the one that it stopped at. */
export function shownOf(
  count: number,
  { results, failure }: RpcAnswer,
  behind: readonly CommandAnswer[],
): StagingReplies {
  const refused =
    failure === undefined ? [] : Array.from({ length: failure.index - results.length + 1 }, () => undefined)
  const rest = behind.map((answer) => (answer.ok ? answer.result : undefined))
  return { results: results.slice(0, count), beside: [...results.slice(count), ...refused, ...rest] }
}

export function stagingOf(
  { session, mode, commands, checkpoint }: StageRequest,
  announce: readonly Command[],
): StagingRequest {
  const open = `configure session ${nameWord(session)}`
  const named = `show session-config named ${session}`
  const last = { cmd: checkpoint === undefined ? `${open} abort` : `configure checkpoint save ${nameWord(checkpoint)}` }
  const clean: readonly Command[] = mode === 'replace' ? [{ cmd: 'rollback clean-config' }] : []
  const before: readonly Command[] = [{ cmd: open }, ...clean]
  const after = [{ cmd: 'end' }, SHOW_RUNNING, { cmd: named }, { cmd: `${named} diffs` }, last]
  const list: Command = { cmd: SHOW_CHECKPOINTS }
  const isPlan = checkpoint === undefined
  return {
    commands: [...before, ...commands, ...after, ...(isPlan ? [] : [list])],
    change: { from: before.length, count: commands.length },
    last,
    beside: isPlan ? [SHOW_DIFFS, list] : [SHOW_DIFFS, SHOW_STARTUP, ...announce],
  }
}

/** Reads what the commands of {@link stagingOf} were answered; `done` is the result of the last one. */
export function readStaged(
  { commands, checkpoint }: StageRequest,
  { change: { from, count } }: StagingRequest,
  { results, beside }: StagingReplies,
  secrets: readonly string[],
): { readonly staged: StageResult; readonly done: Json | undefined } {
  const [running, candidate, diff, done, saved] = results.slice(from + count + 1)
  const [diffs, other] = beside
  const isPlan = checkpoint === undefined
  const [listed, startup] = isPlan ? [other, undefined] : [saved, other]
  const loaded = results.slice(from, from + count)
  const staged: StageResult = {
    ...configReading(running, diffs),
    candidate: textOf(candidate),
    diff: printedDiff(textOf(diff)),
    ...saidAt(commands, loaded.map(linesOf), secrets),
    ...(listed === undefined ? {} : { checkpoints: checkpointNames(textOf(listed)) }),
    ...(startup === undefined ? {} : { startup: textOf(startup) }),
  }
  return { staged, done }
}

export function configReading(running: Json | undefined, diffs: Json | undefined): ConfigReading {
  return { running: textOf(running), startupDiff: diffs === undefined ? undefined : printedDiff(textOf(diffs)) }
}
