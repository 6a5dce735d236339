import { ownVerifier } from '../../app/audit/own-verifier.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { atBench } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** The public key that checkpoints of this store are judged with. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return atBench(invocation, async (bench) => {
    await requireAllowed(bench, 'audit.read')
    const { desk } = bench
    const { origin } = trailOf(desk)
    const key = ownVerifier(desk.keys, desk.key)
    if (global.json)
      io.out(`${JSON.stringify({ version: 1, kind: 'audit-key', origin, pem: key.pem, line: key.line })}\n`)
    else io.out(key.pem)
    return 0
  })
}
