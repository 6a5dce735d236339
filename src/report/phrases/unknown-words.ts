import type { Principal } from '../../model/principal.ts'

/** Whom an event names as having asked for an execution, and of whom nothing is known (docs/events-in.md#rights): a sentence each, without its end. */
export function unknownWords(requester: Pick<Principal, 'named'> | undefined): readonly string[] {
  const unknown = requester?.named?.filter((one) => one.unknown === true) ?? []
  return unknown.map(({ issuer, id }) => `Who has asked for it, ${issuer}:${id}, is nobody known`)
}
