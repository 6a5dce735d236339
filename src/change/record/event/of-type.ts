import type { EventOf, JournalEvent } from './event.ts'

type Type = JournalEvent['type']

export type TypesRead = { readonly of: readonly Type[] } | { readonly but: readonly Type[] }

export function isRead(type: string, types: TypesRead): boolean {
  return 'of' in types ? types.of.some((one) => one === type) : types.but.every((one) => one !== type)
}

export function mayBeRead(body: string, types: TypesRead): boolean {
  const named = [...body.matchAll(/"type":"(\w+)"/g)]
  return named.length === 0 || named.some(([, type = '']) => isRead(type, types))
}

export function ofType<Of extends Type>(type: Of, events: readonly JournalEvent[]): readonly EventOf<Of>[] {
  return events.filter((event): event is EventOf<Of> => event.type === type)
}
