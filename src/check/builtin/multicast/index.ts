import type { Check } from '../../define.ts'
import { verifyIgmpSnoopingGlobal } from './verify-igmp-snooping-global.ts'
import { verifyIgmpSnoopingVlans } from './verify-igmp-snooping-vlans.ts'

/** The checks of ANTA's module `multicast`, by name. */
export const multicastChecks: readonly Check[] = [verifyIgmpSnoopingGlobal, verifyIgmpSnoopingVlans]
