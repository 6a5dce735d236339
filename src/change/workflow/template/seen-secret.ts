import type { LazyMap, LazyScalar } from '../../../model/lazy-value.ts'
import type { Place } from '../../../model/problem.ts'
import { localizedKey, type RotatedSecret, SNMP_AUTHS } from '../../../model/rotated-secret.ts'
import { Secret } from '../../../model/secret.ts'

const AT: Place = { file: 'rotated', line: 1, column: 1 }

/** What stands in for a secret where none is made: in tests of workflows, rehearsals, and where files are only judged. No switch is sent it. */
const INVENTED: RotatedSecret = {
  secret: new Secret('invented-by-eosflow'),
  sha512: '$6$rotatedByEosflow$978LBOGofyZKLvQqIg.3gf7Y5.nmRTnk3.gw8U4vLk9Pi0J0I0bZ/ulRdrF4cRIjBRPOK/YOprflnK3Rd1ZFc/',
}

/** A key of 128 bits: AES of SNMPv3 takes the first of the localized key (RFC 3826 1.2.1). */
const AES128 = 32

/**
 * A new secret as templates see it, `rotated`, in the forms in which a switch keeps it: `sha512` for users, and for SNMPv3 `snmp[ENGINE].auth.sha256` and
 * `snmp[ENGINE].aes.sha256`, where ENGINE is the engine id of the switch in hex.
 */
export function seenSecret(rotated: RotatedSecret = INVENTED): LazyMap {
  return mapOf(['sha512', 'snmp'], (name) => {
    if (name === 'sha512') return text(rotated.sha512)
    return name === 'snmp' ? mapOf([], (engine) => keysOf(rotated, engine)) : undefined
  })
}

/** The keys for one engine; undefined for what is no id of one (RFC 3411 5: 5 to 32 bytes). */
function keysOf({ secret }: RotatedSecret, engine: string): LazyMap | undefined {
  if (!/^(?:[0-9a-fA-F]{2}){5,32}$/.test(engine)) return undefined
  return mapOf(['auth', 'aes'], (use) => {
    if (use !== 'auth' && use !== 'aes') return undefined
    return mapOf(SNMP_AUTHS, (name) => {
      const auth = SNMP_AUTHS.find((one) => one === name)
      if (auth === undefined) return undefined
      const key = localizedKey(secret, engine, auth)
      return text(use === 'aes' ? key.slice(0, AES128) : key)
    })
  })
}

function mapOf(keys: readonly string[], member: (name: string) => LazyMap | LazyScalar | undefined): LazyMap {
  return { kind: 'map', at: AT, keys: () => keys, member }
}

function text(value: string): LazyScalar {
  return { kind: 'scalar', value, isSecret: true, at: AT }
}
