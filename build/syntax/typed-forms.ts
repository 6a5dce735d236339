import type { Pattern } from './facts.ts'

/**
 * Forms that people type and no switch prints, so that no configuration has them: a secret in clear text, a change of a list, a short way of
 * saying something. And a few that the templates lack. Source: the EOS user manual's command syntax, by chapter.
 */
export const TYPED_FORMS: readonly Pattern[] = Object.entries({
  '': `
    enable password <secret>
    enable password 0 <secret>
    enable secret <secret>
    enable secret 0 <secret>
    aaa root secret <secret>
    aaa root secret 0 <secret>
    username <name> privilege <level>
    username <name> role <role>
    username <name> nopassword
    username <name> secret <secret>
    username <name> secret 0 <secret>
    username <name> secret 5 <secret>
    username <name> secret 7 <secret>
    username <name> secret sha512 <secret>
    username <name> privilege <level> secret <secret>
    username <name> privilege <level> secret 0 <secret>
    username <name> privilege <level> secret 5 <secret>
    username <name> privilege <level> secret 7 <secret>
    username <name> privilege <level> secret sha512 <secret>
    username <name> role <role> secret <secret>
    username <name> role <role> secret 0 <secret>
    username <name> role <role> secret 5 <secret>
    username <name> role <role> secret 7 <secret>
    username <name> role <role> secret sha512 <secret>
    username <name> privilege <level> role <role> secret <secret>
    username <name> privilege <level> role <role> secret 0 <secret>
    username <name> privilege <level> role <role> secret 5 <secret>
    username <name> privilege <level> role <role> secret 7 <secret>
    username <name> privilege <level> role <role> secret sha512 <secret>
    username <name> sshkey <type> <key>
    username <name> ssh-key <type> <key>
    username <name> sshkey <type> <key> <comment>
    username <name> ssh-key <type> <key> <comment>
    tacacs-server key <secret>
    tacacs-server key 0 <secret>
    tacacs-server host <host> key <secret>
    tacacs-server host <host> key 0 <secret>
    radius-server key <secret>
    radius-server key 0 <secret>
    radius-server host <host> key <secret>
    radius-server host <host> key 0 <secret>
    ntp authentication-key <id> md5 <secret>
    ntp authentication-key <id> sha1 <secret>
    ip name-server <address>
    ip domain-name <name>
    ip routing
    route-map <name>
    logging host <host> <port>
    snmp-server user <name> <group> v3 auth <algorithm> <secret>
    snmp-server user <name> <group> v3 auth <algorithm> <secret> priv <algorithm> <secret>
  `,
  'interface <name>': `
    vxlan vlan add <list> vni <list>
    vxlan vlan remove <list> vni <list>
    switchport trunk allowed vlan add <list>
    switchport trunk allowed vlan remove <list>
    switchport trunk allowed vlan except <list>
    switchport trunk allowed vlan all
    switchport trunk allowed vlan none
    ip address <address> <mask>
    ip address <address> <mask> secondary
    ip ospf authentication-key <secret>
    ip ospf authentication-key 0 <secret>
    ip ospf message-digest-key <id> md5 <secret>
    ip ospf message-digest-key <id> md5 0 <secret>
    isis authentication key <secret>
    switchport source-interface tx multicast
    lacp rate fast
    lacp rate normal
    isis authentication key 0 <secret>
  `,
  'router bgp <as>': `
    neighbor <peer> password <secret>
    neighbor <peer> password 0 <secret>
    neighbor <peer> password 8a <secret>
  `,
  'router bgp <as> > vlan <id>': `
    redistribute router-mac system
  `,
  'qos profile <name>': `
    shape rate <rate> percent
  `,
  'router ospf <id>': `
    area <area> range <prefix>
    area <area> range <prefix> not-advertise
    area <area> range <prefix> cost <cost>
  `,
}).flatMap(([opener, forms]) =>
  forms
    .trim()
    .split('\n')
    .map((line) => ({ mode: opener === '' ? [] : [opener], line: line.trim(), isManual: true })),
)
