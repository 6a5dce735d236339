import * as access from './builtin/show-access.ts'
import * as addresses from './builtin/show-addresses.ts'
import * as bgp from './builtin/show-bgp.ts'
import * as bgpRoutes from './builtin/show-bgp-routes.ts'
import * as hardware from './builtin/show-hardware.ts'
import * as igp from './builtin/show-igp.ts'
import * as interfaces from './builtin/show-interfaces.ts'
import * as links from './builtin/show-links.ts'
import * as mlag from './builtin/show-mlag.ts'
import * as routes from './builtin/show-routes.ts'
import * as services from './builtin/show-services.ts'
import * as system from './builtin/show-system.ts'
import * as vlan from './builtin/show-vlan.ts'
import * as vxlan from './builtin/show-vxlan.ts'
import type { ShowCommand } from './format/define.ts'

/** Every command that a file in `builtin/` exports. */
export const SHOW_COMMANDS: readonly ShowCommand[] = commandsOf(
  access,
  addresses,
  bgp,
  bgpRoutes,
  hardware,
  igp,
  interfaces,
  links,
  mlag,
  routes,
  services,
  system,
  vlan,
  vxlan,
)

// In the order of their words, since a bundler keeps another order than a module.
function commandsOf(...subjects: readonly Readonly<Record<string, ShowCommand>>[]) {
  return subjects.flatMap((subject) => Object.values(subject)).toSorted((a, b) => (a.words < b.words ? -1 : 1))
}
