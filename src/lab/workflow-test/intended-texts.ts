import type { Files } from '../../change/workflow/template/files.ts'
import type { Problem, ValueOrProblems } from '../../model/problem.ts'
import { acceptUnless } from '../../text/source/checked.ts'
import { absentProblem } from '../../text/source/files.ts'
import { keyPlaceOf, type LocatedValue, placeOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { NO_TEXT } from './intended-schema.ts'
import { missing, pathNamed } from './named-file.ts'
import type { WorkflowTestFile } from './schema.ts'

/** One case of a test file, where it is written. */
export interface CasePlace {
  readonly written: WorkflowTestFile
  readonly located: LocatedValue
  readonly index: number
}

/** The intended texts of switches before, as the file and the case give them; those of the case win. `known`: the switches of the fabric. */
export function intendedTexts(
  place: CasePlace,
  known: readonly string[] | undefined,
  files: Files,
): ValueOrProblems<Readonly<Record<string, string | null>>> {
  const { written, located, index } = place
  const own = written.cases[index]?.intended ?? {}
  const problems = [...strangersIn(place, 'intended', known)]
  const texts = Object.entries({ ...written.intended, ...own }).map(([name, named]) => {
    if (named === NO_TEXT) return [name, null] as const
    const path = pathNamed(named, located.file, files)
    const content = files(path)
    const at = placeOf(located, [...(own[name] === undefined ? [] : ['cases', index]), 'intended', name])
    if (content === undefined) problems.push(absentProblem(files, path, missing(`the intended text \`${path}\``, at)))
    return [name, Buffer.from(content ?? '').toString('utf8')] as const
  })
  return acceptUnless(problems, () => Object.fromEntries(texts))
}

/** Keys of the file and of a case that name no switch of the fabric. */
export function strangersIn(
  { written, located, index }: CasePlace,
  member: 'setup' | 'intended',
  known?: readonly string[],
): readonly Problem[] {
  const own = written.cases[index]?.[member] ?? {}
  const names = Object.keys({ ...written[member], ...own })
  return names
    .filter((name) => known?.includes(name) === false)
    .map((name) => ({
      code: 'unknown-device',
      message: `\`${name}\` is no switch of the fabric`,
      at: keyPlaceOf(located, [...(own[name] === undefined ? [] : ['cases', index]), member, name]),
      hint: didYouMean(name, known ?? []),
    }))
}
