import { type CliRefusal, refused } from '../platform/reply.ts'
import type { Behaviour } from '../switch/behaviour.ts'
import type { WordMatch } from './command/command-words.ts'

/** The switch's words for a line that no command fits (docs/eos.md 1.4): `Invalid input (at token 1: 'bogus')`. */
export function wordFault(
  match: Extract<WordMatch<unknown>, { fault: string }>,
  tokens: readonly string[],
  { incomplete, firstWordToken }: Behaviour,
): CliRefusal {
  const at = `(at token ${match.token}: '${tokens[match.token] ?? ''}')`
  switch (match.fault) {
    case 'incomplete-token':
      return refused(`Incomplete token ${at}`, 1002)
    case 'incomplete-command':
      return refused(`${incomplete} ${at}`, 1002)
    case 'ambiguous':
      return refused(`Ambiguous command ${at}`, 1002)
    default: {
      const token = match.token === 0 ? firstWordToken : match.token
      return refused(`Invalid input (at token ${token}: '${tokens[match.token] ?? ''}')`, 1002)
    }
  }
}
