import { readFileSync } from 'node:fs'
import type { Plan } from '../../../src/change/plan/plan.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { type ExecutionAct, executionPage } from '../../../src/report/page/execution.ts'
import type { Frame, PageContent } from '../../../src/report/page/html.ts'
import type { Overview } from '../../../src/report/page/overview.ts'
import type { RecordItem } from '../../../src/report/page/record.ts'
import type { ExecutionItem, SwitchItem } from '../../../src/report/page/switches.ts'
import { type ExecutionView, executionViewSchema } from '../../../src/report/view/execution-view.ts'

/** The time of every page. */
export const NOW = Date.parse('2026-11-21T16:31:00Z')

/** A plan of `workflows/add-vlan.yaml`, recorded on the bundled fabric; what decides nothing is left out. */
export const PLAN = JSON.parse(
  readFileSync(new URL('./plan-add-vlan.json', import.meta.url), 'utf8'),
) as unknown as Plan

export const ADA: Principal = {
  issuer: 'corp',
  id: '00u1ada',
  kind: 'person',
  auth: 'oidc',
  display: 'Ada Berg',
  groups: ['net-ops'],
  person: 'ada@corp.example',
  authenticatedAt: '2026-11-21T16:02:11.000Z',
}

export const FRAME: Frame = {
  me: { name: 'Ben Ortiz', csrf: 'c5f0c5f0c5f0' },
  assets: { style: 'app.css', script: 'app.js' },
  now: NOW,
}

const LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const
const all = <T>(end: T) => Object.fromEntries(LEAVES.map((name) => [name, end]))

/** Executions as they are on record after an evening on the bundled fabric. */
export const ITEMS: readonly ExecutionItem[] = [
  {
    id: '20261121-162705-0b11c924',
    title: 'vlan 170 VOICE',
    workflow: 'add-vlan',
    at: '2026-11-21T16:27:05.153Z',
    by: 'Ada Berg',
    standing: 'waiting',
    ends: all('untouched'),
  },
  {
    id: '20261121-162702-5b6de213',
    title: 'vlan 160 DMZ-EDGE',
    workflow: 'add-vlan',
    at: '2026-11-21T16:27:02.105Z',
    by: 'Ada Berg',
    standing: 'planned',
    ends: all('untouched'),
  },
  {
    id: '20261121-162631-5efbde03',
    title: 'vlan 150 PROD-BATCH',
    workflow: 'add-vlan',
    at: '2026-11-21T16:26:31.940Z',
    by: 'Ada Berg',
    standing: 'rolled-back',
    ends: { leaf1: 'reverted', leaf2: 'untouched', leaf3: 'untouched', leaf4: 'untouched' },
  },
  {
    id: '20261121-162542-8d95eeab',
    title: 'vlan 140 PROD-CACHE trunks Port-Channel1',
    workflow: 'add-vlan',
    at: '2026-11-21T16:25:42.301Z',
    by: 'Ada Berg',
    standing: 'succeeded',
    ends: all('changed'),
  },
  {
    id: '20261120-224010-77aa0c1d',
    title: 'mlag 600 nonMlag 630',
    workflow: 'tune-mlag-pairs',
    at: '2026-11-20T22:40:10.000Z',
    by: 'Ben Ortiz',
    standing: 'tolerated',
    ends: { leaf1: 'changed', leaf2: 'changed', leaf3: 'changed', leaf4: 'reverted' },
  },
]

/** A busy evening. */
export const OVERVIEW: Overview = {
  now: NOW,
  unknown: [],
  decisions: [
    {
      digest: PLAN.digest,
      title: 'vlan 170 VOICE',
      workflow: 'add-vlan',
      switches: LEAVES,
      by: 'Ada Berg',
      at: '2026-11-21T16:27:06.829Z',
      needs: '1 approval by net-leads',
      expires: NOW + 14_166_000,
    },
  ],
  duties: [],
  live: [
    {
      id: '20261121-162950-2f4ec54e',
      title: 'vlan 180 PRINTERS',
      workflow: 'add-vlan',
      at: '2026-11-21T16:29:50.000Z',
      by: 'Ada Berg',
      standing: 'running',
      headline: 'Wave 2 of 3: leaf2 and leaf3 have been good for 13 s, 17 s to go',
      reverts: NOW + 555_000,
      waves: [
        { switches: ['leaf1'], word: 'verified, held', tone: 'ok' },
        { switches: ['leaf2', 'leaf3'], word: 'verifying', tone: 'run' },
        { switches: ['leaf4'], word: 'waits', tone: 'idle' },
      ],
    },
  ],
  health: {
    day: [
      { at: '2026-11-21T06:10:00.000Z', standing: 'planned' },
      { at: '2026-11-21T07:10:00.000Z', standing: 'tolerated' },
      { at: '2026-11-21T08:10:00.000Z', standing: 'planned' },
      { at: '2026-11-21T09:10:00.000Z', standing: 'succeeded' },
      { at: '2026-11-21T10:10:00.000Z', standing: 'planned' },
      { at: '2026-11-21T11:10:00.000Z', standing: 'planned' },
      { at: '2026-11-21T12:10:00.000Z', standing: 'rolled-back' },
      { at: '2026-11-21T13:10:00.000Z', standing: 'planned' },
      { at: '2026-11-21T14:10:00.000Z', standing: 'waiting' },
      { at: '2026-11-21T15:10:00.000Z', standing: 'running' },
    ],
    inventory: { switches: 6, unknown: 0, unconfirmed: 2 },
    drift: { differs: 1, same: 5, compared: 6, neverConfirmed: 0, unread: 0, at: '2026-11-21T16:27:00.500Z' },
    record: { intact: true, records: 439, anchored: false, at: '2026-11-21T15:10:00.000Z' },
  },
  recent: ITEMS,
  coming: [
    { title: 'Window night is open', detail: 'until 04:00 Europe/Berlin' },
    { title: 'Freeze year-end', detail: 'from', at: Date.parse('2026-12-18T06:00:00Z') },
  ],
  stream: '/stream?topics=overview&after=439',
}

/** Nothing runs, and nothing waits. */
export const QUIET: Overview = {
  now: NOW,
  unknown: [],
  decisions: [],
  duties: [],
  live: [],
  health: {
    day: [],
    inventory: { switches: 6, unknown: 0, unconfirmed: 0 },
    drift: { differs: 0, same: 6, compared: 6, neverConfirmed: 0, unread: 0, at: '2026-11-21T15:00:00.000Z' },
    record: { intact: true, records: 439, anchored: true, at: '2026-11-21T15:10:00.000Z' },
  },
  recent: ITEMS.slice(3, 4),
  coming: [],
}

/** A switch that nobody knows, which goes before everything else. */
export const GRAVE: Overview = {
  ...OVERVIEW,
  mayFreeze: true,
  mayStopAll: true,
  freezes: [{ number: 431, by: 'Ben Ortiz', reason: 'leaf3 is looked at <first>', until: '2026-11-21T18:00:00.000Z' }],
  unknown: [{ device: 'leaf3', execution: '20261121-162631-5efbde03' }],
  duties: [
    {
      tone: 'live',
      title: 'vlan 150 PROD-BATCH is open, and nobody runs it',
      detail: 'Go on with it:',
      command: 'eosflow resume 20261121-162631-5efbde03',
      to: '/executions/20261121-162631-5efbde03',
    },
  ],
  health: { ...OVERVIEW.health, inventory: { switches: 6, unknown: 1, unconfirmed: 2 } },
}

/** The switches of the bundled fabric after that evening. */
export const SWITCHES: readonly SwitchItem[] = [
  ...['spine1', 'spine2'].map(
    (name, index) =>
      ({
        name,
        reached: `eapi 10.0.0.${index + 1}:443`,
        tags: { role: 'spine', site: 'dc1' },
        isUnknown: false,
        confirmed: { source: { kind: 'snapshot', name: 'before-vlan' }, since: '2026-11-21T16:25:30.000Z' },
        drift: { state: 'same', at: '2026-11-21T16:27:00.500Z' },
      }) as const,
  ),
  ...LEAVES.map(
    (name, index) =>
      ({
        name,
        reached: `eapi 10.0.0.1${index + 1}:443`,
        tags: { role: 'leaf', site: 'dc1', mlag: index < 2 ? 'pair1' : 'pair2' },
        isUnknown: false,
        ...(name === 'leaf2' ? { changing: '20261121-162950-2f4ec54e' } : {}),
        confirmed: { source: { kind: 'execution', id: '20261121-162542-8d95eeab' }, since: '2026-11-21T16:25:53.000Z' },
        drift: { state: name === 'leaf4' ? 'differs' : 'same', at: '2026-11-21T16:27:00.500Z' },
      }) as const,
  ),
]

const record = (seq: number, code: string, words: string, more: Partial<RecordItem> = {}) => ({
  seq,
  at: '2026-11-21T16:27:06.829Z',
  code,
  words,
  actor: 'local:0:root@vm',
  outcome: 'ok',
  execution: '20261121-162705-0b11c924',
  hash: '162ac310598ddb2e2b9a775ef6ecd64f7c9ab1f1146447053701ed40e09fef9b',
  ...more,
})

/** The newest records of that evening. */
export const RECORDS: readonly RecordItem[] = [
  record(
    439,
    'EF212I',
    'TaskWaiting Approve waits for an approval of sha256:30372d3fee7a64f40fa307eba037031dd9e111500473f900d9f1d941d87f31f7',
  ),
  record(438, 'EF302I', 'ApprovalRequested sha256:30372d3fee7a64f40fa307eba037031dd9e111500473f900d9f1d941d87f31f7'),
  record(
    432,
    'EF301I',
    'PlanMade sha256:30372d3fee7a64f40fa307eba037031dd9e111500473f900d9f1d941d87f31f7: waves leaf1 | leaf2 leaf3 | leaf4; 0 switches unchanged',
  ),
  record(431, 'EF402I', 'ActFinished stage done, session eosflow-0b11c924-1', { device: 'leaf4' }),
  record(430, 'EF402I', 'ActFinished stage done, session eosflow-0b11c924-1', { device: 'leaf3' }),
  record(398, 'EF130I', 'SnapshotTaken after <b>vlan</b>: spine1 spine2 leaf1 leaf2 leaf3 leaf4', {
    execution: undefined,
  }),
]

/** A page with the moment that it is of: what moves on it moves by that. */
type RecordedPage = PageContent & { readonly now: number }

/** What a recorded journal was folded to. */
export function recordedView(name: string): ExecutionView {
  const text = readFileSync(new URL(`../../golden/view-${name}.json`, import.meta.url), 'utf8')
  return executionViewSchema.parse(JSON.parse(text))
}

/** The page of a recorded journal: `test/golden/view-NAME.json` is what it was folded to. */
function recorded(name: string, acts: readonly ExecutionAct[], stream?: string) {
  const view = recordedView(name)
  const content = executionPage({ view, plan: PLAN, acts, ...(stream === undefined ? {} : { stream }) })
  return { ...content, now: Date.parse(view.asOf) }
}

/** The page of an execution in each of its standings. */
export const EXECUTION_PAGES: Readonly<Record<string, RecordedPage>> = {
  'execution-soaking': recorded('soaking', ['stop', 'suspend'], '/stream?topics=execution%3A1'),
  'execution-succeeded': recorded('succeeded', ['rollback']),
  'execution-rolled-back': recorded('rolled-back', ['redrive']),
  'execution-unknown': recorded('unknown', []),
  'execution-waiting': recorded('waiting', ['approve', 'stop']),
  'execution-states': recorded('states', ['redrive']),
}

const FULL_LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const
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
    underChange: [{ budget: 'pod-1', max: 2, switches: FULL_LEAVES }],
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
        devices: FULL_LEAVES,
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
