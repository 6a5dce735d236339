import type { Check } from '../../../eos/check/area/define.ts'
import { problemOf } from '../../../model/problem.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

/** Throws InputError when there is none. */
export function requireCheck({ words }: WordedHost, name: string, known: readonly Check[]): Check {
  const found =
    known.find((check) => check.name === name) ?? known.find((check) => check.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = known.map((check) => check.name)
  throw new InputError([
    problemOf(
      name,
      'unknown-check',
      `there is no check \`${name}\``,
      words({ code: 'list-checks', alike: didYouMean(name, names) }),
    ),
  ])
}
