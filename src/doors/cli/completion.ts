import { definedMembers } from '../../model/json.ts'
import { complete } from '../../project/authoring/completion/complete.ts'
import { type CompletionTable, lineCompletion, printed } from './completion-line.ts'
import { GLOBAL_FLAGS, isTarget, LIMIT } from './option/global-flags.ts'
import type { Io } from './terminal/io.ts'
import { commands } from './usage/commands.ts'

export function completionTable(): CompletionTable {
  const flagsOf = (options: readonly { readonly flags: string }[]) => options.map(({ flags }) => ({ flags }))
  const known = commands.map(({ usage, options, names }) => ({
    usage,
    ...definedMembers({ names }),
    options: flagsOf(options.some(isTarget) ? [...options, LIMIT] : options),
  }))
  return { commands: [...known, { usage: 'help' }], globalFlags: flagsOf(GLOBAL_FLAGS) }
}

/** What the scripts of shells ask: `__complete SHELL WORDS…`, of bash its break characters and its line. Prints words, and never fails. */
export async function answerShell(io: Io, asked: readonly string[]): Promise<number> {
  io.out(printed(await complete(io, lineCompletion(completionTable(), asked), Date.now())))
  return 0
}
