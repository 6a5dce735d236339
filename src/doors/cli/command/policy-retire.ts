import { retirePolicy } from '../../../project/access/policy/retire.ts'
import { retiredText } from '../../../report/policy/retired.ts'
import { givenReason } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const reason = givenReason(invocation, 'why there is to be no policy any more')
  return withApp(invocation, async ({ app, caller }) => {
    const retired = await retirePolicy(app, caller, reason)
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'policy-retired', ...retired })}\n`)
    else if (retired === undefined) io.out('Nothing to retire: this store demands no policy\n')
    else io.out(`${retiredText(retired)}\nNext: eosflow audit list --code EF51\n`)
    return 0
  })
}
