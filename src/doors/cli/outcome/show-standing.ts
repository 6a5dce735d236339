import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { LACKING_HINT, lackingWords } from '../../../change/record/seal/store-keys.ts'
import { pastExecutionAt } from '../../../project/history/executions/past-execution.ts'
import { taskTokensOf, tokensOfOtherKeys } from '../../../project/history/requests/task-tokens.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { pastExecutionJson, pastExecutionText } from '../../../report/past-execution.ts'
import { count, styleOf, visibleLine } from '../../../report/text/text.ts'
import type { CommandContext } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Shows an execution as it was at the record of `--at`. Throws InputError for a record that it does not have. */
export function showStanding(
  { io, global }: Invocation,
  id: string,
  events: readonly JournalEvent[],
  word: string,
): number {
  const standing = standingNamed(id, events, word)
  if (global.json) {
    io.out(`${pastExecutionJson(standing)}\n`)
    return 0
  }
  io.out(`${pastExecutionText(standing, styleOf(io))}\n`)
  io.out(`Next: eosflow history ${standing.execution.id}\n`)
  return 0
}

function standingNamed(id: string, events: readonly JournalEvent[], word: string) {
  const standing = pastExecutionAt(id, events, /^\d{1,15}$/.test(word) ? Number(word) : 0)
  if (standing !== undefined) return standing
  const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0]
  throw inputError(
    `--at ${word}`,
    'no-such-record',
    `${id} has records from ${first} to ${last}`,
    `eosflow history ${id} lists them.`,
  )
}

/** They are passwords; only who has the install key can make them, so nothing secret is given away to anybody else. */
export function showTokens(
  { app: { key }, invocation: { io, global } }: CommandContext,
  state: ExecutionState,
): number {
  const tokens = taskTokensOf(key, state)
  const others = tokensOfOtherKeys(key, state)
  const { lacking = [] } = key
  if (global.json) {
    io.out(
      `${JSON.stringify({ version: 1, kind: 'tokens', id: state.id, tokens, ...(others === 0 ? {} : { others, lackingKeys: lacking }) })}\n`,
    )
    return 0
  }
  for (const { path, state: name, token } of tokens)
    io.out(`${visibleLine(path === '' ? name : `${name} in ${path}`)}: ${token}\n`)
  io.out(`${count(tokens.length, 'token')}\n`)
  if (others > 0) io.out(`! ${count(others, 'other token')} made under ${lackingWords(lacking)}. ${LACKING_HINT}\n`)
  const [first] = tokens
  io.out(`Next: ${first === undefined ? `eosflow show ${state.id}` : `eosflow signal ${first.token} --output '{}'`}\n`)
  return 0
}
