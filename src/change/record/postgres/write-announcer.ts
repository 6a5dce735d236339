import type { Clock } from '../../../model/clock.ts'
import type { Questions } from './database.ts'

// What is written in so many milliseconds is said together.
const TOGETHER = 50

export const WRITTEN = 'eos_written'
export const POSTED = 'eos_posted'

/** That is said behind the commit, and for many at once: a NOTIFY within it would have all who write to the store commit one after the other. What is not said, because the process has died, watchers find a little later. */
export function writeAnnouncer({ ask }: Pick<Questions, 'ask'>, clock: Pick<Clock, 'sleep'>) {
  const written = new Set<string>()
  let saying: Promise<void> | undefined
  const say = async () => {
    while (written.size > 0) {
      await clock.sleep(TOGETHER)
      const executions = [...written]
      written.clear()
      const text = `SELECT pg_notify('${WRITTEN}', its) FROM unnest($1::text[]) AS its`
      await ask(text, [executions]).catch(() => undefined)
    }
    saying = undefined
  }
  return {
    wrote: (execution: string): void => {
      written.add(execution)
      saying ??= say()
    },
    settled: async (): Promise<void> => saying,
  }
}
