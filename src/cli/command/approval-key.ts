import { requireAllowed } from '../../app/policy/authority.ts'
import { SERVER_NAMESPACE, signerLine } from '../../identity/ssh-allowed-signers.ts'
import { atBench } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** Prints the line of `trust/allowed_signers` by which another machine believes what this installation vouches for. */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    await requireAllowed(bench, 'audit.read')
    const { desk } = bench
    invocation.io.out(`${signerLine(SERVER_NAMESPACE, desk.keys.readOrMake('server').key.publicKey)}\n`)
    return 0
  })
}
