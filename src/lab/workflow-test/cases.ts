import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { problemOf } from '../../model/problem.ts'
import type { Project } from '../../project/files/project.ts'
import { systemClock } from '../../project/system/machine/system-clock.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { writeUnlinked } from '../../project/system/process/unlinked-file.ts'
import { problemsOf, refuse } from '../../text/source/checked.ts'
import { absentProblem } from '../../text/source/files.ts'
import type { FrontEnd } from '../trial/front-end.ts'
import { testExecution } from './execution.ts'
import { readTestFile } from './read-test-file.ts'
import type { TestPorts } from './run-case.ts'
import { caseTitle, type TestCase } from './test-case.ts'

export interface Selection {
  readonly files: readonly string[]
  readonly filter?: string
}

/** Throws InputError with everything that is wrong with any of the files. */
export function selectedCases(project: Project, { files, filter }: Selection): readonly TestCase[] {
  if (files.length === 0) {
    const hint = '`eosflow init` writes one; `eosflow schema test` prints its schema'
    throw new InputError([problemOf('tests/', 'no-tests', 'there is no `*.test.yaml` in the project', hint)])
  }
  const { files: texts, policyPresent, settings } = project
  const context = { files: texts, inventory: project.inventory(), policyPresent, judges: settings.judges }
  const read = files.map((file) => {
    const content = project.files(file)
    if (content !== undefined) return readTestFile(content, file, context)
    const hint = 'check the path; without one every test of the project runs'
    const missing = problemOf(file, 'no-such-file', 'there is no such file in the project', hint)
    return refuse<readonly TestCase[]>(absentProblem(project.files, file, missing))
  })
  const problems = read.flatMap(problemsOf)
  if (problems.length > 0) throw new InputError(problems)
  return filtered(
    read.flatMap((one) => (one.ok ? one.value : [])),
    filter,
  )
}

export function testPorts(project: Project, update: boolean, frontEnd: FrontEnd): TestPorts {
  const ports: TestPorts = {
    execute: testExecution(project, frontEnd),
    clock: systemClock,
    texts: {
      read: (path) => {
        const content = project.files(path)
        return content === undefined ? undefined : Buffer.from(content).toString('utf8')
      },
    },
  }
  if (!update) return ports
  return {
    ...ports,
    update: (path, text) => {
      const file = join(project.dir, path)
      mkdirSync(dirname(file), { recursive: true })
      writeUnlinked(file, text)
    },
  }
}

function filtered(cases: readonly TestCase[], filter: string | undefined) {
  if (filter === undefined) return cases
  const found = cases.filter((one) => caseTitle(one).toLowerCase().includes(filter.toLowerCase()))
  if (found.length > 0) return found
  const hint = 'the text is looked for in file and name of each case, large and small letters alike'
  throw new InputError([problemOf('--filter', 'no-such-test', `no case matches \`${filter}\``, hint)])
}
