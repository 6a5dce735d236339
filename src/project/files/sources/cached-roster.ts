import { type CachedAnswer, readCached } from '../../../change/roster/cached.ts'
import { fromList } from '../../../change/roster/from-list.ts'
import type { Roster } from '../../../change/roster/hosts/roster.ts'
import { codeOf, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { refuse } from '../../../text/source/located.ts'
import { answerFile, readAnswerFile } from './cache-file.ts'
import { answerName, type RemoteSource, remoteName } from './read-service.ts'

export interface CachedRoster {
  readonly roster: Roster
  /** When it was read, in milliseconds of wall time. */
  readonly time: number
  readonly count: number
  readonly digest: string
  readonly warnings: readonly Problem[]
}

export function cachedRoster(dir: string, source: RemoteSource): ValueOrProblems<CachedRoster> {
  const answer = cachedAnswerOf(dir, source)
  if (answer === undefined) return refuse(noAnswer(source))
  if (!answer.ok) return answer
  const { list, time, count, digest, warnings } = answer.value
  const read = fromList(list as unknown as Json, remoteName(source))
  if (!read.ok) return read
  const said = warnings.map((message) => problemOf(remoteName(source), 'inventory-source', message))
  return { ok: true, value: { roster: read.value, time, count, digest, warnings: said } }
}

/** The kept answer of a source; undefined where there is none. */
export function cachedAnswerOf(dir: string, source: RemoteSource): ValueOrProblems<CachedAnswer> | undefined {
  const name = answerName(source)
  const file = answerFile(name)
  try {
    const bytes = readAnswerFile(dir, name)
    return bytes === undefined ? undefined : readCached(bytes, file)
  } catch (error) {
    const code = codeOf(error)
    return refuse(
      problemOf(
        file,
        'inventory-cache',
        `this cached answer of a source cannot be read (${code})`,
        'Check the file and its rights.',
      ),
    )
  }
}

function noAnswer(source: RemoteSource) {
  return problemOf(
    remoteName(source),
    'inventory-cache',
    'it was not asked yet with these settings: no answer of it is kept here',
    'Ask it once while it can be reached.',
  )
}
