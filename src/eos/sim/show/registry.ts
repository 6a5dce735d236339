import { ACCESS_COMMANDS } from './builtin/show-access.ts'
import { ADDRESSES_COMMANDS } from './builtin/show-addresses.ts'
import { BGP_COMMANDS } from './builtin/show-bgp.ts'
import { BGP_ROUTES_COMMANDS } from './builtin/show-bgp-routes.ts'
import { HARDWARE_COMMANDS } from './builtin/show-hardware.ts'
import { IGP_COMMANDS } from './builtin/show-igp.ts'
import { INTERFACES_COMMANDS } from './builtin/show-interfaces.ts'
import { LINKS_COMMANDS } from './builtin/show-links.ts'
import { MLAG_COMMANDS } from './builtin/show-mlag.ts'
import { ROUTES_COMMANDS } from './builtin/show-routes.ts'
import { SERVICES_COMMANDS } from './builtin/show-services.ts'
import { SYSTEM_COMMANDS } from './builtin/show-system.ts'
import { VLAN_COMMANDS } from './builtin/show-vlan.ts'
import { VXLAN_COMMANDS } from './builtin/show-vxlan.ts'
import type { ShowCommand } from './format/define.ts'

/** Every command of the files in `builtin/`, in the order of their words. */
export const SHOW_COMMANDS: readonly ShowCommand[] = [
  ...ACCESS_COMMANDS,
  ...ADDRESSES_COMMANDS,
  ...BGP_ROUTES_COMMANDS,
  ...BGP_COMMANDS,
  ...HARDWARE_COMMANDS,
  ...IGP_COMMANDS,
  ...INTERFACES_COMMANDS,
  ...LINKS_COMMANDS,
  ...MLAG_COMMANDS,
  ...ROUTES_COMMANDS,
  ...SERVICES_COMMANDS,
  ...SYSTEM_COMMANDS,
  ...VLAN_COMMANDS,
  ...VXLAN_COMMANDS,
].toSorted((a, b) => (a.words < b.words ? -1 : 1))
