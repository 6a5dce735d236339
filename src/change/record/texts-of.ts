import type { ArtefactRef } from './event/record-schema.ts'
import type { Artefacts } from './store/journal.ts'

// So many are asked for at once: a database gives them in one answer, and over a slow link more would not arrive in time.
const AT_ONCE = 25

/** The texts behind references, in their order, each with what its reference was given with. Throws `store` where one is missing or was altered. */
export async function* textsOf<Of>(
  texts: Pick<Artefacts, 'get'>,
  refs: readonly (readonly [of: Of, ref: ArtefactRef])[],
): AsyncGenerator<readonly [of: Of, text: string], void> {
  for (let at = 0; at < refs.length; at += AT_ONCE)
    yield* await Promise.all(refs.slice(at, at + AT_ONCE).map(async ([of, ref]) => [of, await texts.get(ref)] as const))
}
