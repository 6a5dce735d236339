import type { Check } from '../define.ts'
import { bgpEstablished } from './bgp-established.ts'
import { interfacesUp } from './interfaces-up.ts'
import { lldpAsBefore } from './lldp-as-before.ts'
import { mlagHealthy } from './mlag-healthy.ts'
import { reachable } from './reachable.ts'
import { vlansPresent } from './vlans-present.ts'

/** Every check that comes with eosflow, by name. */
export const builtinChecks: readonly Check[] = [
  bgpEstablished,
  interfacesUp,
  lldpAsBefore,
  mlagHealthy,
  reachable,
  vlansPresent,
]
