import { retirePolicy } from '../../../project/access/policy/explain-policy.ts'
import { retiredText } from '../../../report/policy/retired.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'

export const run = judgedCommand(
  (invocation) => givenReason(invocation, 'why there is to be no policy any more'),
  async ({ app, caller, io, global }, reason) => {
    const retired = await retirePolicy(app, caller, reason)
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'policy-retired', ...retired })}\n`)
    else if (retired === undefined) io.out('Nothing to retire: this store demands no policy\n')
    else io.out(`${retiredText(retired)}\nNext: eosflow audit list --code EF51\n`)
    return 0
  },
)
