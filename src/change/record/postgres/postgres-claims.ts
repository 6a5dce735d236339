import type { Clock } from '../../../model/clock.ts'
import type { Claims } from '../store/claims.ts'
import { OutageError } from '../store/journal.ts'
import { batchedRows } from './batched-query.ts'
import type { Questions } from './database.ts'
import type { WorkerRow } from './worker-row.ts'

// How long it is waited before a claim is given up once more that could not be, in milliseconds.
const AGAIN = 500

// Claims a name; one that is claimed already is not written again, since it is renewed twice a second.
const HOLD = `SELECT CASE WHEN EXISTS (SELECT 1 FROM hold h JOIN worker w ON w.id = h.worker WHERE h.name = $1 AND h.worker = $2 AND w.dead IS NULL)
  THEN true ELSE hold_name($1, $2) END AS held`

const HELD =
  'SELECT is_held(asked.its) AS held FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY asked.place'
// So many names are asked about in one statement at most.
const TOGETHER = 100

export interface PostgresClaimsParts {
  readonly questions: Questions
  readonly worker: WorkerRow
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>
  readonly tokenOf: (execution: string) => number | undefined
}

/** What cannot be given up because the server is away is given up once it is back: a process that lives on would keep it from everybody. */
export function postgresClaims({ questions, worker, clock, tokenOf }: PostgresClaimsParts): Claims {
  const newest = new Map<string, symbol>()
  const held = batchedRows<string, { readonly held: boolean }>({ questions, clock }, HELD, TOGETHER)
  const giveUpLater = async (name: string, claim: symbol, token: number | undefined) => {
    while (!worker.over.aborted && newest.get(name) === claim) {
      await clock.sleep(AGAIN, worker.over).catch(() => undefined)
      if (worker.over.aborted || newest.get(name) !== claim) return
      const isDone = await giveUp(questions, worker.id, name, token).then(
        () => true,
        () => false,
      )
      if (isDone) return
    }
  }
  return {
    claim: async (name) => {
      const claim = Symbol(name)
      newest.set(name, claim)
      const attempt = () =>
        worker.during(async () => {
          const me = await worker.begin()
          return (await questions.one<{ held: boolean | null }>(HOLD, [name, me]))?.held === true
        })
      await attempt()
      return {
        renew: attempt,
        release: async () => {
          const token = tokenOf(name)
          try {
            await giveUp(questions, worker.id, name, token)
          } catch (error) {
            if (!(error instanceof OutageError)) throw error
            void giveUpLater(name, claim, token)
          }
        },
      }
    },
    isClaimed: async (name) => (await held.ask(name)).held,
  }
}

/**
 * Gives up what a process has under a name, so that any other may take it: the claim, and the execution if it is the owner. `token`: only as it has
 * written it last, and not as it has taken it up since.
 */
export async function giveUp(questions: Questions, me: string, name: string, token?: number): Promise<void> {
  await questions.ask(
    `SELECT unhold_name($1, $2), (SELECT execution_rest(x.id, x.worker, x.token) FROM execution x
      WHERE x.id = $1 AND x.worker = $2 AND ($3::bigint IS NULL OR x.token = $3))`,
    [name, me, token ?? null],
  )
}
