import type { JournalEvent } from './event.ts'

/** Those of some events that are of one type, in their order. */
export function ofType<Type extends JournalEvent['type']>(
  type: Type,
  events: readonly JournalEvent[],
): readonly (JournalEvent & { readonly type: Type })[] {
  return events.filter((event): event is JournalEvent & { readonly type: Type } => event.type === type)
}
