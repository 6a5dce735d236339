import { testPolicy } from '../../../project/access/policy/explain-policy.ts'
import { findProject, looseProject } from '../../../project/files/project.ts'
import { failedTests, policyTestJson, policyTestText } from '../../../report/policy/explanation.ts'
import { styleOf } from '../../../report/text/text.ts'
import type { Invocation } from '../terminal/io.ts'

/** Exit 6 when one decides otherwise than it says. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const project = findProject(io, global) ?? looseProject(io, global)
  const file = args[0] === undefined ? project.settings.policy : project.pathOf(args[0])
  const { results, note } = testPolicy(io, project, file)
  const failed = failedTests(results)
  const next = failed === 0 ? 'eosflow validate' : 'eosflow policy explain task.push'
  io.out(
    global.json
      ? `${policyTestJson(file, results)}\n`
      : `${policyTestText(results, note, styleOf(io))}\nNext: ${next}\n`,
  )
  return failed > 0 ? 6 : 0
}
