import type { PolicyTestResult } from '../../../change/policy/policy-tests.ts'
import type { Files } from '../../../change/workflow/template/files.ts'
import { failedTests } from '../../../report/policy/explanation.ts'
import { count } from '../../../report/text/text.ts'
import { testPolicy } from '../../access/policy/explain-policy.ts'
import { loadPolicy } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'

export interface TriedPolicy {
  readonly file: string
  readonly results: readonly PolicyTestResult[]
}

/** Throws InputError where it would not be read, and where a test fails: then nothing is written. */
export function tryPolicy(
  host: WordedHost,
  project: Project,
  written: Readonly<Record<string, string>>,
): TriedPolicy | undefined {
  const file = project.settings.policy
  const files: Files = Object.assign((path: string) => written[path] ?? project.files(path), project.files)
  if (written[file] === undefined && !project.stands(file)) return undefined
  const { policy } = loadPolicy(files, file, (path) => written[path] !== undefined || project.stands(path))
  if (policy.tests.length === 0) return { file, results: [] }
  const { results } = testPolicy(host, { ...project, files }, file)
  const failed = failedTests(results)
  if (failed === 0) return { file, results }
  const message = `${count(failed, 'test')} of the policy ${failed === 1 ? 'fails' : 'fail'}, so nothing was written`
  throw inputError(file, 'policy-tests', message, 'eosflow policy test says which')
}
