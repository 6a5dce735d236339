import type { JournalEvent } from './event.ts'

type Type = JournalEvent['type']

/** Which records of an execution are read as events: those of some types, or all but some. Of `but` a type that this eosflow does not know is refused. */
export type TypesRead = { readonly of: readonly Type[] } | { readonly but: readonly Type[] }

/** Whether an event of this type is read. */
export function isRead(type: string, types: TypesRead): boolean {
  return 'of' in types ? types.of.some((one) => one === type) : types.but.every((one) => one !== type)
}

/** Whether the text of a record may be of an event that is read, by every type that it names: what it holds may name further ones. */
export function mayBeRead(body: string, types: TypesRead): boolean {
  const named = [...body.matchAll(/"type":"(\w+)"/g)]
  return named.length === 0 || named.some(([, type = '']) => isRead(type, types))
}

/** Those of some events that are of one type, in their order. */
export function ofType<Of extends Type>(
  type: Of,
  events: readonly JournalEvent[],
): readonly (JournalEvent & { readonly type: Of })[] {
  return events.filter((event): event is JournalEvent & { readonly type: Of } => event.type === type)
}
