import type { ExecutionState } from '../../../change/engine/state.ts'
import { LACKING_HINT, lackingWords } from '../../../change/record/seal/lacking-key.ts'
import { taskTokensOf, tokensOfOtherKeys } from '../../../project/history/requests/task-tokens.ts'
import { count } from '../../../report/text/count.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import type { CommandContext } from '../terminal/compose.ts'

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
