import type { Command } from '../../../model/command.ts'
import type { Json } from '../../../model/json.ts'
import { checkpointNames } from '../../device/checkpoint-names.ts'
import type { ConfigReading, StageRequest, StageResult } from '../../device/device.ts'
import { saidAt } from '../session/said.ts'
import { nameWord, printedDiff, SHOW_CHECKPOINTS } from '../session/session-words.ts'
import { type CommandAnswer, linesOf, type RpcAnswer, textOf } from './json-rpc.ts'

export const SHOW_RUNNING: Command = { cmd: 'show running-config' }
/** How it is shown what of running-config is not saved (docs/eos.md 2.1). */
export const SHOW_DIFFS: Command = { cmd: 'show running-config diffs' }
const SHOW_STARTUP: Command = { cmd: 'show startup-config' }

export interface StagingRequest {
  readonly commands: readonly Command[]
  readonly change: { readonly from: number; readonly count: number }
  readonly last: Command
  readonly beside: readonly Command[]
}

export interface StagingReplies {
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
