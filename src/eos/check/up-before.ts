import type { Json } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'

/** The sessions and ports that were up by these state areas, as `standings` of expect/up-since.ts calls them. */
export function upBefore(areas: Readonly<Record<string, Json>>): readonly string[] {
  const { bgp, interfaces, ospf, mlag } = areas
  return [
    ...membersOf(bgp).flatMap(([vrf, peers]) =>
      upIn(peers, 'state', 'Established').map((name) => `BGP ${name} in ${vrf}`),
    ),
    ...upIn(interfaces, 'link', 'connected').map((name) => `interface ${name}`),
    ...membersOf(ospf).flatMap(([vrf, all]) => upIn(all, 'state', 'full').map((name) => `OSPF ${name} in ${vrf}`)),
    ...(isJsonObject(mlag) && mlag.state === 'active' ? ['MLAG'] : []),
  ]
}

function upIn(things: Json | undefined, member: string, word: string): readonly string[] {
  return membersOf(things).flatMap(([name, one]) => (isJsonObject(one) && one[member] === word ? [name] : []))
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : []
}
