import { SERVER_NAMESPACE } from '../../identity/ssh-allowed-signers.ts'
import { ED25519 } from '../../identity/ssh-signature.ts'
import { sshString } from '../../identity/ssh-wire.ts'
import { serverKeyOf } from '../../policy/statement-signature.ts'
import { atBench } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** Prints the line of `trust/allowed_signers` by which another machine believes what this installation vouches for. */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async ({ desk }) => {
    const key = Buffer.from(serverKeyOf(desk.key).publicKey, 'base64')
    const line = Buffer.concat([ED25519, key].map(sshString)).toString('base64')
    invocation.io.out(`eosflow namespaces="${SERVER_NAMESPACE}" ${ED25519} ${line}\n`)
    return 0
  })
}
