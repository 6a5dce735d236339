import type { JournalEvent } from '../event.ts'
import { ofType } from '../of-type.ts'
import type { Statements } from './statements.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** The records of a type that belong to no execution, newest first; at most `most` where that is given. Throws BrokenChainError. */
export function outside<Type extends JournalEvent['type']>(
  type: Type,
  chain: Pick<VerifiedChain, 'eachOf'>,
  { outside: rows }: Pick<Statements, 'outside'>,
  most = ALL,
): readonly (JournalEvent & { readonly type: Type })[] {
  return ofType(type, chain.eachOf(rows.all(type, most).toReversed())).toReversed()
}

/** A negative limit is none (sqlite.org/lang_select.html#limitoffset). */
const ALL = -1
