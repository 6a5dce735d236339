import { InputError, orProblems } from '../../app/input-error.ts'
import { localUserNote } from '../../app/policy/local-user-warnings.ts'
import { findProject, looseProject, type Project } from '../../app/project.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import { parseInventory } from '../../inventory/inventory.ts'
import { problemOf } from '../../model/problem.ts'
import { type PolicyTestResult, runPolicyTests } from '../../policy/policy-tests.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import { count } from '../../report/count.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { visibleLine } from '../../report/visible.ts'
import { absentProblem } from '../../source/files.ts'
import type { Invocation } from '../io.ts'
import { verdictWord } from '../policy/decision-text.ts'

/** Runs the table that stands in a policy file. Exit 6 when a row comes out otherwise than it says. Nothing is contacted. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const project = findProject(io, global) ?? looseProject(io, global)
  const file = args[0] === undefined ? project.settings.policy : project.pathOf(args[0])
  const content = project.files(file)
  if (content === undefined) {
    const missing = problemOf(file, 'no-such-file', 'there is no policy here', NO_POLICY)
    throw new InputError([absentProblem(project.files, file, missing)])
  }
  const policy = orProblems(readPolicy(content, file))
  if (policy.tests.length === 0)
    throw new InputError([problemOf(file, 'no-tests', 'the policy has no tests', NO_TESTS)])
  const devices = new Map(inventoryOf(project)?.devices.map(({ name, tags }) => [name, tags]))
  const results = runPolicyTests(policy, (name) => devices.get(name))
  const failed = results.filter(({ failures }) => failures.length > 0).length
  if (global.json) io.out(`${JSON.stringify(json(file, results))}\n`)
  else io.out(`${text(results, failed, localUserNote(policy, project), io.color ? colored : plain)}\n`)
  return failed > 0 ? 6 : 0
}

const NO_POLICY = 'Write policy.yaml; `eosflow schema policy` prints its schema.'
const NO_TESTS = 'Add rows under `tests:`; without them nobody notices when a rule no longer means what it did.'

/** Tags of switches that tests call by name; a policy is tested without an inventory as well. */
function inventoryOf({ files, settings }: Project): Inventory | undefined {
  const content = files(settings.inventory)
  return content === undefined ? undefined : orProblems(parseInventory(content, settings.inventory, settings.secrets))
}

function json(file: string, results: readonly PolicyTestResult[]): object {
  const rows = results.map(({ name, failures, decision }) => ({
    name,
    passed: failures.length === 0,
    failures,
    decision: verdictWord(decision),
    rules: decision.rules,
    reason: decision.reason,
  }))
  const failed = rows.filter(({ passed }) => !passed).length
  return { version: 1, kind: 'policy-test', file, tests: rows, passed: rows.length - failed, failed }
}

function text(results: readonly PolicyTestResult[], failed: number, note: string | undefined, style: Style): string {
  const rows = results.flatMap(({ name, failures, decision }) =>
    failures.length === 0
      ? [style.good(visibleLine(`✔ ${name}: ${verdictWord(decision)}`))]
      : [style.bad(visibleLine(`✖ ${name}`)), ...failures.map((failure) => visibleLine(`    ${failure}`))],
  )
  const next = failed === 0 ? 'eosflow validate' : 'eosflow policy explain task.push'
  const notes = note === undefined ? [] : [note]
  return [...rows, ...notes, `Policy: ${count(results.length, 'test')}, ${failed} failed`, `Next: ${next}`].join('\n')
}
