import { failedTests } from '../../../eos/invariant/failed-tests.ts'
import { readInvariants } from '../../../eos/invariant/pattern/read-invariants.ts'
import type { ValueOrProblems } from '../../../model/problem.ts'
import { count } from '../../../report/text/count.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import type { Project } from '../../files/project.ts'
import { InputError } from '../../system/process/input-error.ts'

export function invariantFileHolds(
  content: string | Uint8Array,
  path: string,
  project: Pick<Project, 'invariants'>,
): ValueOrProblems<string> {
  const read = readInvariants(content, path)
  if (!read.ok) return read
  return acceptUnless([...besideOthers(path, project), ...failedTests(read.value)], () => {
    const { invariants, tests } = read.value
    return `${count(invariants.length, 'invariant')}, ${count(tests.length, 'test')}`
  })
}

function besideOthers(path: string, project: Pick<Project, 'invariants'>) {
  try {
    project.invariants()
    return []
  } catch (error) {
    if (error instanceof InputError) return error.problems.filter(({ at }) => at.file === path)
    throw error
  }
}
