/** The invariants for EVPN fabrics that are shipped, as a file of a project writes its own (docs/invariants.md#evpn). */
export const EVPN = `
invariants:
  - name: ebgp-neighbor-filters
    each:
      - router bgp {asn}
      - router bgp {asn} > vrf {vrf}
    where: neighbor {peer} remote-as {as != asn}
    unless:
      - neighbor {peer} peer group
      - neighbor {peer} peer-group
      - address-family evpn > neighbor {peer} activate
      # A session of the fabric itself: a peer group in the default VRF of a switch that speaks EVPN.
      - - address-family evpn
        - neighbor {peer} peer group *
      - - address-family evpn
        - neighbor {peer} peer-group *
    must:
      - - neighbor {peer} route-map * in
        - address-family * > neighbor {peer} route-map * in
        - neighbor {peer} rcf in **
        - address-family * > neighbor {peer} rcf in **
      - - neighbor {peer} route-map * out
        - address-family * > neighbor {peer} route-map * out
        - neighbor {peer} rcf out **
        - address-family * > neighbor {peer} rcf out **
    because: without filters it takes and announces everything

  - name: ebgp-neighbor-limit
    each:
      - router bgp {asn}
      - router bgp {asn} > vrf {vrf}
    where: neighbor {peer} remote-as {as != asn}
    unless:
      - neighbor {peer} peer group
      - neighbor {peer} peer-group
    must: neighbor {peer} maximum-routes **
    because: without a limit one wrong neighbour fills every table

  - name: trunk-allowed-vlans
    each: interface {port}
    where: switchport mode trunk
    unless:
      - no switchport
      - switchport trunk group **
      - channel-group **
      - profile **
    must: switchport trunk allowed vlan **
    because: a trunk without a list carries every VLAN, also those of tomorrow

  - name: interface-filter-kept
    each: interface {port}
    keep:
      - ip access-group * {direction}
      - ip access-group ipv4 * {direction}
      - ipv6 access-group * {direction}
      - mac access-group * {direction}
    because: what the filter kept out comes in at once

  - name: neighbor-filter-kept
    each:
      - router bgp {asn}
      - router bgp {asn} > vrf {vrf}
      - router bgp {asn} > address-family {family} **
      - router bgp {asn} > vrf {vrf} > address-family {family} **
    where: neighbor {peer} **
    keep:
      - neighbor {peer} route-map * {direction}
      - neighbor {peer} prefix-list * {direction}
      - neighbor {peer} rcf {direction} *
    because: a neighbour without its filter announces and takes everything

  - name: service-filter-kept
    each:
      - system control-plane
      - management {service} **
      - management {service} ** > vrf {vrf}
      - management {service} ** > transport **
      - line vty
    keep:
      - ip access-group *
      - ip access-group * {direction}
      - ip access-group * vrf {vrf} {direction}
      - ipv6 access-group *
      - ipv6 access-group * {direction}
      - ipv6 access-group * vrf {vrf} {direction}
    because: what may reach the switch itself is what the filter lets in

  - name: access-list-exists
    each:
      - interface {port}
      - system control-plane
      - management {service} **
      - management {service} ** > vrf {vrf}
      - management {service} ** > transport **
    where: ip access-group {list} **
    unless: ip access-group default-control-plane-acl **
    must:
      - - /ip access-list {list}
        - /ip access-list standard {list}
    because: an access list that is applied and not there filters nothing

  - name: route-map-exists
    each:
      - router bgp {asn}
      - router bgp {asn} > vrf {vrf}
      - router bgp {asn} > address-family {family} **
      - router bgp {asn} > vrf {vrf} > address-family {family} **
    where: neighbor {peer} route-map {map} {direction}
    must: /route-map {map} **
    because: a route-map that is applied and not there is not the filter that was meant

  - name: prefix-list-exists
    each: route-map {map} **
    where: match ip address prefix-list {list}
    must: /ip prefix-list {list} **
    because: a prefix list that is named and not there is not the filter that was meant

  - name: vni-unique
    each: interface Vxlan*
    where: vxlan vlan {vlan} vni {vni}
    mustNot:
      - vxlan vlan {other != vlan} vni {vni}
      - vxlan vrf * vni {vni}
    because: two VLANs with one VNI are one broadcast domain

  - name: vxlan-vlan-exists
    each: interface Vxlan*
    where: vxlan vlan {each vlan} vni *
    must: /vlan {has vlan} **
    because: a VNI whose VLAN is not there carries nothing

  - name: evpn-instance
    each: interface Vxlan*
    where:
      - vxlan vlan {each vlan} vni *
      - /router bgp {asn} > address-family evpn
    must:
      - - /router bgp {asn} > vlan {has vlan}
        - /router bgp {asn} > vlan-aware-bundle * > vlan {has vlan}
    because: a VNI without an EVPN instance announces no MAC address

  - name: instance-route-targets
    each:
      - router bgp {asn} > vlan {vlan}
      - router bgp {asn} > vlan-aware-bundle {bundle}
    must:
      - - rd **
      - - route-target both **
        - route-target import **
      - - route-target both **
        - route-target export **
    because: an instance without route distinguisher and route targets exchanges nothing

  - name: route-target-unique
    each: router bgp {asn} > vlan {vlan}
    where: route-target both {target}
    mustNot: /router bgp {asn} > vlan {other != vlan} > route-target both {target}
    because: two VLANs with one route target leak into each other

  - name: vrf-vni
    each: interface Vxlan*
    where:
      - vxlan vrf {vrf} vni *
      - /router bgp {asn} > address-family evpn
    must:
      - /router bgp {asn} > vrf {vrf} > route-target import **
      - /router bgp {asn} > vrf {vrf} > route-target export **
    because: a VRF with a VNI and without route targets has no routes from elsewhere

  - name: peer-link-trunk
    each: mlag configuration
    where: peer-link {link}
    must: /interface {link} > switchport mode trunk
    because: both switches of a pair need the peer link for every VLAN they share

  - name: peer-link-vlans
    each: interface Vxlan*
    where:
      - vxlan vlan {each vlan} vni *
      - /mlag configuration > peer-link {link}
      - /interface {link} > switchport trunk allowed vlan *
    must: /interface {link} > switchport trunk allowed vlan {has vlan}
    because: a VLAN that is not on the peer link is cut off where one uplink fails
`
