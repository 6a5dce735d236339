import type { Inbox } from '../engine/ports.ts'
import { taskToken, taskTokenDigest } from '../model/task-token.ts'
import type { ProjectStore } from './project-store.ts'

/** How often the store is asked for answers, in milliseconds. */
const POLL = 1000

/**
 * Answers to task tokens as other processes put them into the store. Without anybody attending, an execution that only
 * waits for an answer rests, and `eosflow resume` takes it up.
 */
export function storeInbox(
  { store, clock, key }: Pick<ProjectStore, 'store' | 'clock' | 'key'>,
  isAttended: boolean,
): Inbox {
  return {
    isAttended,
    wait: async (tokens, signal) => {
      const since = new Map(tokens.map((token) => [token.digest, token.since]))
      const oldest = Math.min(...since.values())
      for (;;) {
        signal.throwIfAborted()
        const signals = await store.signals([...since.keys()], oldest)
        const sent = signals.filter(({ token, seq }) => seq > (since.get(token) ?? 0))
        if (sent.length > 0) return sent
        await clock.sleep(POLL, signal)
      }
    },
    token: (execution, attempt) => {
      const token = taskToken(key, execution, attempt)
      return { token, digest: taskTokenDigest(token) }
    },
  }
}
