import type { Check } from '../../define.ts'
import { verifyBfdPeersHealth } from './verify-bfd-peers-health.ts'
import { verifyBfdPeersIntervals } from './verify-bfd-peers-intervals.ts'
import { verifyBfdPeersRegProtocols } from './verify-bfd-peers-reg-protocols.ts'
import { verifyBfdSpecificPeers } from './verify-bfd-specific-peers.ts'

/** The checks of ANTA's module `bfd`, by name. */
export const bfdChecks: readonly Check[] = [
  verifyBfdPeersHealth,
  verifyBfdPeersIntervals,
  verifyBfdPeersRegProtocols,
  verifyBfdSpecificPeers,
]
