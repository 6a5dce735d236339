/** The security advisories that are shipped, in the form in which a project writes its own (docs/what-is-behind.md#advisories). Numbers, dates, addresses and affected versions are those of the advisory tests of ANTA 1.10.0, which cites the advisories of Arista. */
export const SHIPPED_ADVISORIES = `
version: 1
source: the advisory tests of ANTA 1.10.0
date: 2026-09-09
advisories:
  - id: SA-117
    about: credentials of a gNOI TransferToRemote may be logged or accounted
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/21394-security-advisory-0117
    affected: [4.30.1-9, 4.31.0-6, 4.32.0-4, 4.33.0-1]
    lines:
      - management api gnmi / transport grpc *
  - id: SA-142
    about: some packets pass a redirection to a next hop by
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24111-security-advisory-0142
    affected: [4.32.0-10, 4.33.0-7, 4.34.0-5, 4.35.0-3, 4.36.0]
    lines:
      - interface * / service-policy type pbr input *
      - router bgp * / address-family flow-spec ipv4|ipv6
      - interface * / traffic-policy input *
      - directflow
      - router segment-security
  - id: SA-146
    about: a stream of HTTP/2 resets may exhaust a gRPC server
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24500-security-advisory-0146
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - management api gnmi / transport grpc *
      - management api gribi / transport grpc *
  - id: SA-154
    about: a crafted packet may take authenticated BFD sessions down
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24710-security-advisory-0154
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - router bfd / authentication mode *
      - interface * / bfd authentication mode *
  - id: SA-155
    about: a crafted packet with option 82 may restart the DHCP relay
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24711-security-advisory-0155
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5]
    lines:
      - ip dhcp relay information option
      - ip dhcp snooping information option
  - id: SA-156
    about: the DHCP relay may forward replies of servers that are not configured
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24712-security-advisory-0156
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / ip helper-address *
  - id: SA-157
    about: the authentication of VRRP may be passed by or replayed
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24713-security-advisory-0157
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / vrrp * peer authentication ietf-md5
  - id: SA-160
    about: crafted packets may take IS-IS adjacencies down
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24716-security-advisory-0160
    affected: [4.31.*, 4.32.*, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / isis enable *
  - id: SA-161
    about: forged heartbeats of MLAG may errdisable all interfaces
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24717-security-advisory-0161
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - mlag configuration / dual-primary detection delay * action errdisable all-interfaces
  - id: SA-166
    about: whoever is logged in to gNMI may run code as root
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24722-security-advisory-0166
    affected: [4.29.*, 4.30.*, 4.31.*, 4.32.*, 4.33.0-8, 4.34.0-6, 4.34.7.0, 4.35.0-5, 4.36.0]
    lines:
      - management api gnmi / transport grpc *
  - id: SA-168
    about: OpenConfig services may log sensitive content
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24724-security-advisory-0168
    affected: [<4.36, 4.36.0-1]
    lines:
      - management api gnmi / transport grpc *
      - management api restconf / transport https *
      - management api netconf / transport ssh *
  - id: SA-171
    about: crafted packets may disturb authenticated OSPF adjacencies
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24727-security-advisory-0171
    affected: [<4.33, 4.33.0-9, 4.34.0-6, 4.34.7.0, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / ip ospf authentication
      - interface * / ip ospf authentication message-digest
  - id: SA-172
    about: crafted packets may restart OSPFv3
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24728-security-advisory-0172
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - router ospfv3
      - ipv6 router ospf *
  - id: SA-173
    about: a crafted packet of a peer may restart OSPFv3
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24729-security-advisory-0173
    affected: [<4.32, 4.32.0-10, 4.33.0-8, 4.34.0-6, 4.35.0-4, 4.36.0]
    lines:
      - router ospfv3
      - ipv6 router ospf *
  - id: SA-175
    about: a crafted packet may expire multicast forwarding too early
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24731-security-advisory-0175
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / pim ipv4 sparse-mode
      - interface * / ip pim sparse-mode
  - id: SA-178
    about: authentication keys of SNMPv3 may be shown as localized hashes
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24734-security-advisory-0178
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - snmp-server user * * v3 auth *
      - snmp-server user * * v3 localized * auth *
`
