import type { Check } from '../../define.ts'
import { verifyVxlanConfigSanity } from './verify-vxlan-config-sanity.ts'
import { verifyVxlanVniBinding } from './verify-vxlan-vni-binding.ts'
import { verifyVxlanVtep } from './verify-vxlan-vtep.ts'
import { verifyVxlan1ConnSettings } from './verify-vxlan1-conn-settings.ts'
import { verifyVxlan1Interface } from './verify-vxlan1-interface.ts'
import { verifyVxlan1VvtepIpAddresses } from './verify-vxlan1-vvtepip-addresses.ts'

/** The checks of ANTA's module `vxlan`, by name. */
export const vxlanChecks: readonly Check[] = [
  verifyVxlan1ConnSettings,
  verifyVxlan1Interface,
  verifyVxlan1VvtepIpAddresses,
  verifyVxlanConfigSanity,
  verifyVxlanVniBinding,
  verifyVxlanVtep,
]
