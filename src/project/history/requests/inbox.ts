import type { Inbox } from '../../../change/engine/ports.ts'
import { byPlace, cursorBehind } from '../../../change/record/event/cursor.ts'
import { taskToken, taskTokenDigest } from '../../../model/task-token.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { wakesOf } from './wakes.ts'

// How often the store is asked for answers, in milliseconds; where it says that there is one, then.
const POLL = 1000

export type AnswerWatch = 'stays' | 'nobody' | 'passes'

/** Without anybody attending, an execution that only waits for an answer rests, and `eosflow resume` takes it up. */
export function storeInbox(
  opened: Pick<ProjectStore, 'store' | 'clock' | 'key' | 'shared'>,
  execution: string,
  attending: AnswerWatch,
): Inbox {
  const { store } = opened
  let isAttended = attending !== 'nobody'
  return {
    get isAttended() {
      return isAttended
    },
    wait: async (tokens, signal) => {
      const wakes = wakesOf(opened, { of: 'words', execution })
      try {
        for (;;) {
          signal.throwIfAborted()
          const sent = tokens.map(({ digest, since }) => store.signals([digest], cursorBehind({ seq: since })))
          const signals = (await Promise.all(sent)).flat().toSorted(byPlace)
          if (signals.length > 0) return signals
          if (attending === 'passes') {
            isAttended = false
            return []
          }
          while (!(signal.aborted || (await wakes.pause(POLL, signal)))) {
            // Nobody has said anything.
          }
        }
      } finally {
        wakes.close()
      }
    },
    token: (execution, attempt) => {
      const token = taskToken(opened.key.text, execution, attempt)
      return { token, digest: taskTokenDigest(token) }
    },
  }
}
