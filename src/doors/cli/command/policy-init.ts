import { initPolicy } from '../../../project/authoring/policy/init-policy.ts'
import { openProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { policyTestText } from '../../../report/policy/explanation.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { asTyped, type Invocation } from '../terminal/io.ts'

export async function run({ io, options, global }: Invocation): Promise<number> {
  const lead = text(options.lead)
  if (options.twoPerson !== true && lead === undefined) {
    throw inputError(
      'policy init',
      'bad-usage',
      'which policy is not said',
      'eosflow policy init --two-person, or --lead NAME if one person approves. A policy of your own: docs/policy.md',
    )
  }
  if (options.twoPerson === true && lead !== undefined) {
    throw inputError(
      'policy init',
      'bad-usage',
      '--two-person and --lead are two policies',
      '--two-person: each approves what another person asks for. --lead NAME: only that person approves.',
    )
  }
  const { file, results } = initPolicy(io, openProject(io, global), { lead, replace: options.replace === true })
  const names = results.map(({ name }) => name)
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, file, tests: names, failed: 0 })}\n`)
    return 0
  }
  const who = lead === undefined ? 'another person' : lead
  io.out(`+ ${file}: a change needs the approval of ${who}\n${policyTestText(results, undefined, styleOf(io))}\n`)
  io.out(`${asTyped('Each person needs a key in the project.\nNext: eosflow trust add NAME KEY.pub', io)}\n`)
  return 0
}
