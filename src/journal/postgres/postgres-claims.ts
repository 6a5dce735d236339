import type { Claims } from '../claims.ts'
import type { Questions } from './database.ts'
import type { WorkerRow } from './worker-row.ts'

/**
 * Claims as rows of the processes that have them: one that gives no sign of life for its term has none. An execution is claimed, too, while
 * a living process owns it.
 */
export function postgresClaims(questions: Questions, worker: WorkerRow): Claims {
  return {
    claim: async (name) => {
      const me = await worker.begin()
      const attempt = async (): Promise<boolean> =>
        (await questions.one<{ held: boolean | null }>('SELECT hold_name($1, $2) AS held', [name, me]))?.held === true

      await attempt()
      return {
        renew: attempt,
        release: async () => {
          await questions.ask('SELECT unhold_name($1, $2)', [name, me])
          await leaveExecution(questions, me, name)
        },
      }
    },
    isClaimed: async (name) =>
      (await questions.one<{ held: boolean }>('SELECT is_held($1) AS held', [name]))?.held === true,
  }
}

/** Gives an execution up that is a process' own, so that any other may take it. */
export async function leaveExecution(questions: Questions, me: string, execution: string): Promise<void> {
  await questions.ask(
    'SELECT execution_rest(x.id, x.worker, x.token, NULL) FROM execution x WHERE x.id = $1 AND x.worker = $2',
    [execution, me],
  )
}
