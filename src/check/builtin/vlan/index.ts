import type { Check } from '../../define.ts'
import { verifyDynamicVlanSource } from './verify-dynamic-vlan-source.ts'
import { verifyVlanInternalPolicy } from './verify-vlan-internal-policy.ts'
import { verifyVlanStatus } from './verify-vlan-status.ts'

/** The checks of ANTA's module `vlan`, by name. */
export const vlanChecks: readonly Check[] = [verifyDynamicVlanSource, verifyVlanInternalPolicy, verifyVlanStatus]
