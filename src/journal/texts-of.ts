import type { ArtefactRef } from './artefact-ref.ts'
import type { Artefacts } from './journal.ts'

/** So many are asked for at once: a database gives them in one answer or two, and none waits long behind others. */
const AT_ONCE = 50

/** The texts behind references, in their order. Throws `store` where one is missing or was altered. */
export async function textsOf(texts: Pick<Artefacts, 'get'>, refs: readonly ArtefactRef[]): Promise<readonly string[]> {
  const found: string[] = []
  for (let at = 0; at < refs.length; at += AT_ONCE)
    found.push(...(await Promise.all(refs.slice(at, at + AT_ONCE).map((ref) => texts.get(ref)))))
  return found
}
