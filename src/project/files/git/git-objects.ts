import { EosflowError } from '../../../model/error.ts'
import type { Git } from '../../system/machine/git.ts'

/**
 * Objects of a repository by their ids, as they are kept: no filter and no conversion of line ends is asked (git-cat-file(1), BATCH OUTPUT).
 * Throws `stale` for one that is not there, or is of another type.
 */
export async function objectsOf(
  git: Git,
  type: 'blob' | 'commit',
  ids: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, Buffer>> {
  const unique = [...new Set(ids)]
  const found = new Map<string, Buffer>()
  if (unique.length === 0) return found
  // A line behind each and one before: at most 100 bytes.
  const answer = await git({
    args: ['cat-file', '--batch'],
    input: `${unique.join('\n')}\n`,
    most: most + unique.length * 100,
  })
  let from = 0
  for (const id of unique) {
    const end = answer.out.indexOf('\n', from)
    const [own, kind, size = '0'] = answer.out.subarray(from, Math.max(end, from)).toString('latin1').split(' ')
    if (end < 0 || own !== id || kind !== type) throw notThere(type, id)
    from = end + 1
    found.set(id, answer.out.subarray(from, from + Number(size)))
    from += Number(size) + 1
  }
  return found
}

function notThere(type: string, id: string) {
  return new EosflowError('stale', `the repository of the project has no ${type} ${id}`)
}
