import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import type { RepeatedWrite } from '../../change/record/store/outage.ts'
import { type QuestionWrapper, questionsOf } from '../../change/record/store/questions.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Life } from './life.ts'

export interface StoreWatch {
  appending(execution: string | undefined, events: readonly EventBody[], again?: RepeatedWrite): void
  appended(events: readonly JournalEvent[]): void
  /** Throws where nothing can be written. */
  keeping(): void
  fenced?(): void
}

export function storeOf(store: Store & Leases, life: Life, watch: StoreWatch): Store & Leases {
  const ask: QuestionWrapper =
    (read) =>
    (...given) =>
      life.reach(() => read(...given))
  const written = (journal: Journal): Journal['append'] => {
    return (execution, events, after, again) =>
      life.reach(async () => {
        watch.appending(execution, events, again)
        if (!life.alive) return []
        const records = await journal.append(execution, events, after, again)
        watch.appended(records)
        return records
      })
  }
  const questions = questionsOf(store, ask)
  return {
    ...questions,
    as: (actor) => ({ append: written(store.as(actor)), read: questions.read }),
    put: ask(async (text) => {
      watch.keeping()
      return store.put(text)
    }),
    quarantineSeconds: store.quarantineSeconds,
    leaseOf: ask((device) => store.leaseOf(device)),
    liveLeases: ask((of: 'shares' | 'all') => store.liveLeases(of)),
    fence: ask(async (execution, device) => {
      const fence = await store.fence(execution, device)
      watch.fenced?.()
      return fence
    }),
    close: async () => undefined,
  }
}
