import ssh2 from 'ssh2'
import type { Hop } from '../../../src/device/hop.ts'
import { fingerprintOf } from '../../../src/transport/ssh/host-key.ts'

/** A jump host of tests, by the public half of its host key as known_hosts writes it. */
export function pinnedHop(at: Pick<Hop, 'name' | 'host' | 'port'>, publicKey: string): Hop {
  const key = ssh2.utils.parseKey(publicKey)
  if (key instanceof Error) throw key
  return {
    ...at,
    hostKey: { mode: 'pin', fingerprint: fingerprintOf(key.getPublicSSH()) },
    credentials: 'jumper',
  }
}
