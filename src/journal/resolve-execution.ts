import type { ResolvedExecution } from './store.ts'

/** Finds an execution among ids, newest first: by its id, by a prefix that only it has, or by `@latest`. */
export function resolveAmong(ids: readonly string[], word: string): ResolvedExecution {
  if (word === '@latest') return oneOf(ids.slice(0, 1))
  return ids.includes(word) ? { found: 'one', id: word } : oneOf(ids.filter((id) => id.startsWith(word)))
}

function oneOf(ids: readonly string[]): ResolvedExecution {
  const [id, ...others] = ids
  if (id === undefined) return { found: 'none' }
  return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
}
