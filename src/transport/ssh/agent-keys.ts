import ssh2, { type IdentityCallback, type ParsedKey } from 'ssh2'
import type { Credential } from '../../device/transport.ts'
import { fingerprintOf } from './host-key.ts'

/** The keys of an ssh-agent that may log in: all that it holds, or one. One without such a key fails, so that a login says why. */
export class AgentKeys extends ssh2.OpenSSHAgent {
  readonly #fingerprint: string | undefined

  constructor({ socket, fingerprint }: NonNullable<Credential['agent']>) {
    super(socket)
    this.#fingerprint = fingerprint
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    const wanted = this.#fingerprint
    super.getIdentities((error, keys = []) => {
      const meant = keys.filter((key) => wanted === undefined || isKey(key, wanted))
      if (error) done(error)
      else if (meant.length > 0) done(null, meant)
      else done(new Error(wanted === undefined ? 'it holds no key' : `it does not hold the key ${wanted}`))
    })
  }
}

function isKey(key: object, fingerprint: string): boolean {
  return 'getPublicSSH' in key && fingerprintOf((key as ParsedKey).getPublicSSH()) === fingerprint
}
