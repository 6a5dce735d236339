import type { Notes } from '../../change/record/store/notes.ts'
import type { ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'

// How long somebody has to prove a decision, in milliseconds.
const FIVE_MINUTES = 300_000
const MOST_OF_ONE = 20
const MOST = 1000

export type BrowserProof = 'passkey' | 'oidc'

/** A decision that somebody is about to prove: once, within five minutes, and nobody else. */
export interface OpenChallenge {
  readonly statement: ApprovalStatement
  readonly execution: string
  readonly proof: BrowserProof
  readonly asker: Asker
}

export interface Asker {
  readonly principal: Pick<Principal, 'issuer' | 'id'>
  readonly session: string
}

export interface Challenges {
  /** Gives its id, which is the nonce of its statement, and when it ends, ISO 8601 in UTC. */
  open(challenge: OpenChallenge): Promise<OpenedChallenge>
  /** Throws `stale` for any other and afterwards. */
  take(id: string, asker: Asker): Promise<OpenChallenge>
}

export interface OpenedChallenge {
  readonly id: string
  /** When it ends, ISO 8601 in UTC. */
  readonly until: string
}

const KIND = 'challenge'

/** Of two answers at once one counts. */
export function openChallenges(notes: Notes): Challenges {
  return {
    open: async (challenge) => {
      const id = challenge.statement.nonce
      const own = (await notes.all(KIND))
        .map((text) => JSON.parse(text) as OpenChallenge)
        .filter(({ asker }) => isSame(asker.principal, challenge.asker.principal))
      for (const one of own.slice(0, Math.max(0, own.length - MOST_OF_ONE + 1)))
        await notes.take(KIND, one.statement.nonce)
      await notes.put(KIND, id, JSON.stringify(challenge), { lasts: FIVE_MINUTES, most: MOST })
      return { id, until: new Date((await notes.now()) + FIVE_MINUTES).toISOString() }
    },
    take: async (id, asker) => {
      const kept = (await notes.read(KIND, id))?.text
      const found = kept === undefined ? undefined : (JSON.parse(kept) as OpenChallenge)
      if (found === undefined || !isOf(found, asker) || (await notes.take(KIND, id)) === undefined) throw gone()
      return found
    },
  }
}

function isOf({ asker }: OpenChallenge, { principal, session }: Asker) {
  return asker.session === session && isSame(asker.principal, principal)
}

function isSame(a: Asker['principal'], b: Asker['principal']) {
  return a.issuer === b.issuer && a.id === b.id
}

// The same words for one that was used, has ended, is of somebody else or never was: nobody learns which there are.
function gone() {
  return new EosflowError('stale', 'the decision is not open: it was made already, or five minutes have passed', {
    hint: 'Look at the plan again, and decide anew.',
  })
}
