import type { Plan } from '../../../src/plan/plan.ts'
import { PLAN } from './material.ts'

const LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const
const NO_BLANKS = 'x'.repeat(120)

const [leaf1, leaf2, ...rest] = PLAN.content.devices

/** A plan that says everything that a plan can say of a change, some of it in words without a blank. */
export const FULL_PLAN: Plan = {
  ...PLAN,
  content: {
    ...PLAN.content,
    devices: [
      {
        ...(leaf1 ?? ({} as never)),
        foreign: {
          against: { kind: 'execution', id: '20261120-224010-77aa0c1d' },
          count: 3,
          lines: [
            { sign: '-', text: 'vlan 999' },
            { sign: ' ', text: 'interface Ethernet1' },
            { sign: '-', text: '   error-correction encoding reed-solomon' },
            { sign: '-', text: `   description ${NO_BLANKS}` },
          ],
        },
        kept: ['interface Ethernet2 > description <b>HOST_db1</b>', `vlan 7 > name ${NO_BLANKS}`],
      },
      { ...(leaf2 ?? ({} as never)), foreign: { against: { kind: 'archived' }, count: 12 } },
      ...rest,
    ],
    waves: [
      ['leaf1', 'leaf2'],
      ['leaf3', 'leaf4'],
    ],
    together: [
      ['leaf1', 'leaf2'],
      ['leaf3', 'leaf4'],
    ],
    pairs: [
      { switches: ['leaf1', 'leaf2'], as: 'together', because: 'MLAG compares what changes: vlan, trunk' },
      { switches: ['leaf3', 'leaf4'], as: 'together', because: 'the workflow says `pairs: together`' },
    ],
    underChange: [{ budget: 'pod-1', max: 2, switches: LEAVES }],
    ruleReadings: [
      {
        rule: 'only-vlans',
        matches: true,
        because: 'every line that changes is of vlan, trunk-vlans, vxlan or bgp-vlan',
      },
    ],
    gate: [
      {
        input: `sha256:${'0'.repeat(64)}`,
        decision: 'require',
        require: { count: 2, from: ['net-leads', 'on-call'] },
        reasons: ['trunks of a border leaf', 'outside of office hours'],
        bundle: `opa://policies.example/eosflow/${'f'.repeat(64)}`,
      },
    ],
    around: [
      {
        around: 'ticket',
        service: 'changes',
        url: 'https://servicenow.example',
        system: 'servicenow',
        table: 'change_request',
        ticket: 'CHG0030001',
        must: { state: ['Implement'], approval: ['approved'] },
        close: { state: 'Review' },
      },
      {
        around: 'silence',
        service: 'alerts',
        url: 'https://alertmanager.example',
        matchers: [
          {
            name: 'instance',
            value: `(leaf1|leaf2|leaf3|leaf4)\\.${'dc1'.repeat(60)}:9100`,
            isRegex: true,
            isEqual: true,
          },
          { name: 'severity', value: 'critical', isRegex: false, isEqual: false },
        ],
        seconds: 1800,
      },
      { around: 'annotation', service: 'graphs', url: 'https://grafana.example', tags: ['eosflow', 'dc1'] },
      { around: 'journal', service: 'netbox', url: 'https://netbox.example' },
    ],
    warnings: [
      ...PLAN.content.warnings,
      {
        code: 'broken-invariant',
        device: 'leaf1',
        message:
          'was broken before, and stays so: `trunk-has-a-list`: interface Ethernet5 lacks `switchport trunk allowed vlan **`; interface Ethernet6 lacks `switchport trunk allowed vlan **`; and 4 more',
      },
      {
        code: 'foreign-removals',
        device: 'leaf1',
        message: 'RISK (foreign-removals): 3 lines go that nobody on record has written',
      },
    ],
  },
  evidence: {
    ...PLAN.evidence,
    cloudVision: ['leaf1', 'leaf2'],
    notes: [
      {
        code: 'advisory',
        devices: LEAVES,
        message:
          '`vxlan vlan 140 vni 10140` switches on what Security Advisory 0104 is about on EOS 4.31.4M: packets that decapsulate to the CPU (https://www.arista.com/en/support/advisories-notices/security-advisory/19844-security-advisory-0104)',
      },
    ],
    behind: {
      leaf1: {
        ports: [
          {
            name: 'Port-Channel1',
            description: `to the cluster of ${NO_BLANKS}`,
            link: 'up',
            forSeconds: 5_184_000,
            heard: [
              { device: 'srv-db-2.dc1.example', port: 'eth0' },
              { device: 'srv-db-3.dc1.example', port: 'eth0' },
            ],
            members: ['Ethernet3', 'Ethernet4'],
            mlag: { id: '1', partner: 'leaf2', port: 'Port-Channel1' },
            hosts: 31,
            addresses: ['10.1.10.11', '10.1.10.12', '10.1.10.13'],
            traffic: { in: 1_234_567_890, out: 999_000, over: 300 },
          },
        ],
        vlans: [{ vlan: 140, name: 'PROD-CACHE', ports: ['Port-Channel1', 'Vxlan1'], portCount: 2, hosts: 0, arp: 0 }],
        neighbors: [
          { neighbor: '10.0.250.1', vrf: 'default', description: 'spine1', state: 'Established', asn: '65000' },
        ],
        more: 3,
      },
      leaf3: { unread: [{ what: 'all of it', because: 'no answer within 30 s' }] },
    },
  },
}
