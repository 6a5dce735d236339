import type { StateArea } from '../define.ts'
import { bgpArea } from './bgp.ts'
import { interfacesArea } from './interfaces.ts'
import { lldpArea } from './lldp.ts'
import { mlagArea } from './mlag.ts'
import { portchannelArea } from './portchannel.ts'
import { vlanArea } from './vlan.ts'

/** Every state area that a snapshot can read, by name. */
export const stateAreas: readonly StateArea[] = [bgpArea, interfacesArea, lldpArea, mlagArea, portchannelArea, vlanArea]
