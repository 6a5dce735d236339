import { changeOfDiff } from '../../../change/plan/change-read.ts'
import { type PolicyTestResult, runPolicyTests } from '../../../change/policy/policy-tests.ts'
import { readPolicy } from '../../../change/policy/read-policy.ts'
import { problemOf } from '../../../model/problem.ts'
import { absentProblem } from '../../../text/source/files.ts'
import type { Project } from '../../files/project.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import { localUserNote } from './local-user-warnings.ts'

export interface TestedPolicy {
  readonly results: readonly PolicyTestResult[]
  readonly note: string | undefined
}

/** Throws InputError. */
export function testPolicy({ words }: WordedHost, project: Project, file: string): TestedPolicy {
  const content = project.files(file)
  if (content === undefined) {
    const missing = problemOf(file, 'no-such-file', 'there is no policy here', words({ code: 'write-policy' }))
    throw new InputError([absentProblem(project.files, file, missing)])
  }
  const policy = orProblems(readPolicy(content, file))
  if (policy.tests.length === 0)
    throw new InputError([problemOf(file, 'no-tests', 'the policy has no tests', NO_TESTS)])
  const devices = new Map(inventoryOf(project)?.devices.map(({ name, tags }) => [name, tags]))
  const results = runPolicyTests(policy, { tagsOf: (name) => devices.get(name), changeOf: changeOfDiff })
  return { results, note: localUserNote(policy, project) }
}

const NO_TESTS = 'Add rows under `tests:`; without them nobody notices when a rule no longer means what it did.'

function inventoryOf({ files, settings, parseInventory }: Project) {
  const content = files(settings.inventory)
  return content === undefined ? undefined : orProblems(parseInventory(content, settings.inventory))
}
