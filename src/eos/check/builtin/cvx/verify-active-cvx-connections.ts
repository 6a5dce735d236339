import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count } from '../../input/numbers.ts'

/** As many clients as expected are connected to the CVX server. */
export const verifyActiveCvxConnections = defineVerify({
  name: 'VerifyActiveCVXConnections',
  summary: 'Verifies the number of active CVX connections.',
  docs: 'Passes when as many out-of-band connections are active as given. Fails where there is no connection.',
  example: { connections_count: 100 },
  input: () => z.strictObject({ connections_count: count().describe('Expected number of active CVX connections.') }),
  commands: () => [{ cmd: 'show cvx connections brief', revision: 1 }],
  answers: () => [
    z.object({ connections: z.array(z.object({ oobConnectionActive: z.boolean().optional() })).optional() }),
  ],
  judge: ({ connections_count: expected }, [{ connections = [] }]) => {
    if (connections.length === 0) return passUnless(['CVX connections are not available'])
    const active = connections.filter(({ oobConnectionActive }) => oobConnectionActive === true).length
    return passUnless(mismatch('Incorrect CVX active connections count', expected, active))
  },
})
