import type { Inbox } from '../engine/ports.ts'
import { byPlace, cursorBehind } from '../journal/cursor.ts'
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
      for (;;) {
        signal.throwIfAborted()
        const sent = tokens.map(({ digest, since }) => store.signals([digest], cursorBehind({ seq: since })))
        const signals = (await Promise.all(sent)).flat().toSorted(byPlace)
        if (signals.length > 0) return signals
        await clock.sleep(POLL, signal)
      }
    },
    token: (execution, attempt) => {
      const token = taskToken(key, execution, attempt)
      return { token, digest: taskTokenDigest(token) }
    },
  }
}
