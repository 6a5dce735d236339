import { expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { type WrittenLine, withInherited } from '../../../src/eos/invariant/judge.ts'

const BGP = `router bgp 65101
   neighbor SPINES peer group
   neighbor SPINES remote-as 65000
   neighbor SPINES route-map IN in
   neighbor SPINES maximum-routes 12000
   neighbor OLD peer-group
   neighbor OLD bfd
   neighbor 10.0.0.0 peer group SPINES
   neighbor 10.0.0.0 maximum-routes 5
   neighbor 10.0.0.2 peer group SPINES
   no neighbor 10.0.0.2 route-map IN in
   neighbor 10.0.0.4 peer-group OLD
   neighbor 10.0.0.6 peer group NOWHERE
   address-family ipv4
      neighbor SPINES activate
      no neighbor 10.0.0.2 activate
   vrf PROD
      neighbor 10.1.0.0 peer group SPINES
      neighbor 10.1.0.0 remote-as 65009
      address-family ipv4
         neighbor SPINES prefix-list P in
`

/** The lines that a configuration has and the other has not, behind those that they are under. */
function added(before: readonly WrittenLine[], after: readonly WrittenLine[], path = ''): string[] {
  return after.flatMap((line) => {
    const known = before.find((one) => one.line === line.line)
    return known === undefined ? [path + line.line] : added(known.children, line.children, `${path}${line.line} > `)
  })
}

test('a neighbour has what its peer group sets and it does not set itself', () => {
  const [bgp] = parseConfig(BGP).children
  if (bgp === undefined) throw new Error('no block')
  expect(added([bgp], [withInherited(bgp)])).toEqual([
    'router bgp 65101 > address-family ipv4 > neighbor 10.0.0.0 activate',
    'router bgp 65101 > vrf PROD > address-family ipv4 > neighbor 10.1.0.0 prefix-list P in',
    'router bgp 65101 > vrf PROD > neighbor 10.1.0.0 route-map IN in',
    'router bgp 65101 > vrf PROD > neighbor 10.1.0.0 maximum-routes 12000',
    'router bgp 65101 > neighbor 10.0.0.0 remote-as 65000',
    'router bgp 65101 > neighbor 10.0.0.0 route-map IN in',
    'router bgp 65101 > neighbor 10.0.0.2 remote-as 65000',
    'router bgp 65101 > neighbor 10.0.0.2 maximum-routes 12000',
    'router bgp 65101 > neighbor 10.0.0.4 bfd',
  ])
})
