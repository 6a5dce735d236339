import { parametersSchema } from '../../../src/change/workflow/param/json-schema.ts'
import { approvalPage } from '../../../src/report/page/approval.ts'
import { confirmPage } from '../../../src/report/page/confirm.ts'
import { executionsPage } from '../../../src/report/page/executions.ts'
import type { PageContent } from '../../../src/report/page/html.ts'
import { loginPage, oneTimeLinkPage } from '../../../src/report/page/login.ts'
import { mePage } from '../../../src/report/page/me.ts'
import { overviewPage } from '../../../src/report/page/overview.ts'
import { planFormPage } from '../../../src/report/page/plan-form.ts'
import { policyPage } from '../../../src/report/page/policy.ts'
import { problemPage } from '../../../src/report/page/problem.ts'
import { recordPage } from '../../../src/report/page/record.ts'
import { schedulesPage } from '../../../src/report/page/schedules.ts'
import { snapshotDiffPage, snapshotsPage } from '../../../src/report/page/snapshots.ts'
import { switchesPage, switchPage } from '../../../src/report/page/switches.ts'
import { workflowsPage } from '../../../src/report/page/workflows.ts'
import {
  ADA,
  EXECUTION_PAGES,
  FRAME,
  FULL_PLAN,
  GRAVE,
  ITEMS,
  NOW,
  OVERVIEW,
  PLAN,
  QUIET,
  RECORDS,
  SWITCHES,
} from './material.ts'

const csrf = FRAME.me?.csrf ?? ''
const now = NOW
const workflows = ['workflows/add-vlan.yaml', 'workflows/tune-mlag-pairs.yaml']
const names = ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4']

/** Each page of the control room, by its name, with whether it is for somebody who has signed in. */
export const PAGES: Readonly<Record<string, PageContent & { readonly isBeforeLogin?: true; readonly now?: number }>> = {
  ...EXECUTION_PAGES,
  overview: overviewPage(OVERVIEW),
  'overview-quiet': overviewPage(QUIET),
  'overview-grave': overviewPage(GRAVE),
  executions: executionsPage({
    now,
    filter: { workflow: 'add-vlan' },
    items: ITEMS,
    workflows: ['add-vlan', 'tune-mlag-pairs'],
    switches: names,
    next: 'b3BhcXVl',
    isLater: true,
  }),
  'executions-none': executionsPage({
    now,
    filter: { by: '"><b>' },
    items: [],
    workflows: [],
    switches: [],
    isLater: false,
  }),
  approval: approvalPage({
    now,
    plan: PLAN,
    execution: '20261121-162705-0b11c924',
    standing: 'open',
    until: NOW + 14_166_000,
    demands: [{ words: 'approvals by net-leads, not from whoever made the plan', have: 0, count: 1 }],
    decisions: [],
    notes: [
      { kind: 'good', text: 'Window night is open until 04:00 Europe/Berlin, and no freeze is in force' },
      { kind: 'open', text: 'Nobody has rehearsed it under faults' },
    ],
    form: { csrf, ways: ['passkey'], mayReject: true },
  }),
  'approval-of-everything': approvalPage({
    now,
    plan: FULL_PLAN,
    execution: '20261121-162705-0b11c924',
    standing: 'open',
    until: NOW + 14_166_000,
    demands: [{ words: 'approvals by net-leads, on-call', have: 0, count: 2 }],
    decisions: [],
    notes: [{ kind: 'open', text: 'Nobody has rehearsed it under faults' }],
    form: { csrf, ways: ['passkey'], mayReject: true },
  }),
  'approval-of-requester': approvalPage({
    now,
    plan: PLAN,
    execution: '20261121-162705-0b11c924',
    standing: 'open',
    demands: [{ words: 'approvals by net-leads, not from whoever made the plan', have: 1, count: 2 }],
    decisions: [
      {
        decision: 'approve',
        by: 'Cleo Marsh',
        proof: 'with a passkey',
        at: '2026-11-21T16:29:00.000Z',
        comment: 'CHG-1234 <ok>',
      },
    ],
    notes: [],
    form: {
      csrf,
      ways: [],
      because: 'You have asked for this plan, and the policy wants somebody else to approve it.',
      mayReject: false,
    },
    switch: 'leaf2',
  }),
  'approval-stale': approvalPage({
    now,
    plan: PLAN,
    execution: '20261121-162705-0b11c924',
    standing: 'approved',
    demands: [{ words: 'approvals by net-leads, not from whoever made the plan', have: 1, count: 1 }],
    decisions: [
      { decision: 'approve', by: 'Cleo Marsh', proof: 'with a passkey', at: '2026-11-21T16:29:00.000Z', comment: '' },
    ],
    notes: [
      {
        kind: 'open',
        text: 'It was refused when it was sent: leaf1: running-config has changed since the plan was made',
      },
    ],
    form: { csrf, ways: [], mayReject: false },
    start: { csrf, key: 'form:1' },
    rebase: { csrf, key: 'form:2', isNext: true },
  }),
  'approval-made-again': approvalPage({
    now,
    plan: PLAN,
    execution: '20261121-162705-0b11c924',
    standing: 'open',
    demands: [{ words: 'approvals by net-leads, not from whoever made the plan', have: 0, count: 1 }],
    decisions: [],
    notes: [],
    form: { csrf, ways: ['passkey'], mayReject: true },
    start: { csrf, key: 'form:3', carry: true },
  }),
  workflows: workflowsPage({
    workflows: [
      {
        file: 'workflows/add-vlan.yaml',
        name: 'add-vlan',
        description: 'Add a VLAN to the leaves and stretch it over the fabric',
        params: ['vlan', 'label', 'trunks'],
        mayPlan: true,
        problems: 0,
      },
      {
        file: 'workflows/tune-mlag-pairs.yaml',
        name: 'tune-mlag-pairs',
        description: 'Set the reload delays of MLAG pairs',
        params: ['mlag', 'nonMlag'],
        mayPlan: false,
        problems: 0,
      },
      { file: 'workflows/broken.yaml', name: 'broken', params: [], mayPlan: false, problems: 2 },
    ],
  }),
  'plan-form': planFormPage({
    csrf,
    file: 'workflows/add-vlan.yaml',
    name: 'add-vlan',
    description: 'Add a VLAN to the leaves and stretch it over the fabric',
    schema: parametersSchema({
      vlan: { type: 'integer', minimum: 2, maximum: 4094, description: "the VLAN's number" },
      label: { type: 'string', pattern: '[A-Z0-9_-]{1,32}', description: 'its name' },
      trunks: { type: 'list', items: { type: 'interface' }, default: [], description: 'trunks that carry it too' },
      site: { type: 'string', enum: ['dc1', 'dc2'] },
      stretched: { type: 'boolean', default: true, description: 'over the fabric' },
    }),
    targets: 'role:leaf',
    key: 'f0rm1d',
    given: { 'params.vlan': '4095', 'params.label': 'prod "cache"', 'params.trunks': 'Port-Channel1\nEthernet3' },
    problems: { vlan: '4095 is above the maximum 4094' },
  }),
  switches: switchesPage({ now, csrf, items: SWITCHES, mayRead: true }),
  switch: switchPage({
    now,
    csrf,
    item: SWITCHES[5] ?? ({} as never),
    identity: { model: 'DCS-7280SR3-48YC8', eos: '4.31.4M', serial: 'JPE21310204' },
    drift: {
      name: 'leaf4',
      state: 'differs',
      source: { kind: 'execution', id: '20261121-162542-8d95eeab' },
      since: '2026-11-21T16:25:53.000Z',
      config: [
        { sign: ' ', text: 'interface Ethernet5' },
        { sign: '-', text: '   description HOST_pbx01_eth1' },
        { sign: '+', text: '   description <img src=x onerror=alert(1)>\u202e' },
      ],
      unsaved: true,
    },
    changes: ITEMS.slice(2, 4),
    mayRead: true,
  }),
  snapshots: snapshotsPage({
    now,
    csrf,
    items: [
      { name: 'after-vlan', at: '2026-11-21T16:26:03.000Z', switches: names },
      { name: 'before-vlan', at: '2026-11-21T16:25:30.000Z', switches: names },
    ],
    mayTake: true,
  }),
  schedules: schedulesPage({
    now,
    csrf,
    rows: [
      {
        name: 'nightly-drift',
        does: 'drift',
        about: '',
        tz: 'Europe/Berlin',
        cron: '0 23 * * *',
        paused: false,
        next: ['2026-11-21T22:00:00.000Z', '2026-11-22T22:00:00.000Z'],
        last: { instant: '2026-11-20T22:00:00.000Z', what: 'ok', reason: '6 switches, 1 differs: leaf3' },
      },
      {
        name: 'weekly-vlan',
        does: 'run',
        about: 'workflows/add-vlan.yaml',
        tz: 'Europe/Berlin',
        cron: '30 2 * * mon',
        paused: false,
        next: ['2026-11-23T01:30:00.000Z'],
        last: {
          instant: '2026-11-16T01:30:00.000Z',
          what: 'ok',
          reason: 'execution 20261116-013000-0b11c924 has begun',
          execution: '20261116-013000-0b11c924',
        },
      },
      {
        name: 'leaf-checks',
        does: 'check',
        about: 'role:leaf',
        tz: 'UTC',
        every: 21_600,
        paused: true,
        next: [],
        last: { instant: '2026-11-21T12:00:00.000Z', what: 'missed', reason: 'it was paused then' },
      },
      { name: 'first', does: 'snapshot', about: 'leaf1', tz: 'UTC', every: 3600, paused: false, next: [] },
    ],
  }),
  'schedules-none': schedulesPage({ now, csrf, rows: [] }),
  'snapshot-diff': snapshotDiffPage({
    sides: { before: 'before-vlan', after: 'after-vlan' },
    diffs: [
      { name: 'spine1', known: 'both', switch: [], config: [], state: {} },
      {
        name: 'leaf1',
        known: 'both',
        switch: ['EOS: 4.31.4M -> 4.32.2F'],
        config: [
          { sign: '+', text: 'vlan 140' },
          { sign: '+', text: '   name PROD-CACHE' },
        ],
        state: {
          vlan: {
            comparable: true,
            changes: [{ subject: '140', kind: 'added', text: 'VLAN 140 added: PROD-CACHE, active, on Port-Channel1' }],
          },
          optics: { comparable: false, fault: 'missing', text: 'optics cannot be compared: before: it was not read' },
        },
      },
      { name: 'leaf9', known: 'after', switch: [], config: [], state: {} },
    ],
  }),
  record: recordPage({
    now,
    origin: 'eosflow.audit/dd6f731c11e94cc9',
    filter: { execution: '20261121-162705' },
    items: RECORDS,
    next: 'b3BhcXVl',
    verification: {
      at: '2026-11-21T16:30:58.000Z',
      found: {
        source: '.eosflow/store.db',
        origin: 'eosflow.audit/dd6f731c11e94cc9',
        from: 1,
        to: 439,
        root: '6ruEu94lgTGa4ywog/8oT8lO2AcUVduj1OcLmUP25eE=',
        fault: undefined,
        own: 13,
        anchors: 0,
        retirements: [],
        signed: { verified: 2, unchecked: 0 },
        lost: 0,
        keyed: true,
        stale:
          'no checkpoint from outside vouches for it: somebody who can write to the store and has its key could have removed or rewritten newer records',
        unvouched: undefined,
      },
    },
  }),
  policy: policyPage({
    now,
    who: 'Ben Ortiz',
    policy: { file: 'policy.yaml', digest: 'sha256:9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d' },
    question: { action: 'task.push', switch: 'spine1', workflow: 'workflows/add-vlan.yaml' },
    explained: [
      {
        device: 'spine1',
        decision: {
          effect: 'deny',
          ground: 'closed',
          rules: ['spines-at-night'],
          reason: 'the window night is closed until 22:00 Europe/Berlin',
          obligations: { approvals: [], concurrency: [] },
          policy: 'sha256:9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d',
        },
        accounts: [
          {
            rule: 'builtin-no-agent',
            comes: 'does-not-apply',
            why: 'it is for kind:agent, and not for net-leads, kind:person',
          },
          { rule: 'spines-at-night', comes: 'fails', why: 'the window night is closed until 22:00 Europe/Berlin' },
        ],
      },
    ],
    notes: [],
    switches: names,
    workflows,
  }),
  me: mePage({
    now,
    csrf,
    principal: ADA,
    roles: ['net-ops'],
    until: '2026-11-22T04:02:11.000Z',
    passkeys: [{ label: 'YubiKey 5', id: 'f83a0c…' }],
    registration: { challenge: 'Y2hhbGxlbmdl', rpId: 'localhost', userId: 'MDB1MWFkYQ', userName: 'Ada Berg' },
    line: {
      file: 'trust/passkeys',
      text: 'corp:sub:00u1ada origin="http://localhost:7474" f83a0c MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
    },
  }),
  login: {
    ...loginPage({ providers: [{ name: 'corp', to: '/login/corp' }], because: 'Your session has ended.' }),
    isBeforeLogin: true,
  },
  'login-local': { ...loginPage({ providers: [] }), isBeforeLogin: true },
  link: { ...oneTimeLinkPage({ link: 'a'.repeat(64), user: 'root' }), isBeforeLogin: true },
  problem: problemPage({
    status: 403,
    title: 'Not allowed',
    detail: 'no rule allows task.push on spine1',
    hint: 'Ask somebody with the role net-leads.',
    device: 'spine1',
    problems: [
      { at: 'workflows/add-vlan.yaml:12:3', message: 'unknown key `within2`', hint: 'did you mean `within`?' },
    ],
    decision: { rules: [], demands: ['1 approval by net-leads'] },
  }),
  stop: confirmPage({
    csrf,
    about: {
      act: 'stop',
      id: '20261121-162950-2f4ec54e',
      title: 'vlan 180 PRINTERS',
      live: ['leaf1', 'leaf2', 'leaf3'],
      newest: 512,
    },
    problem: 'Give a reason.',
  }),
  rollback: confirmPage({
    csrf,
    about: { act: 'rollback', id: '20261121-162542-8d95eeab', title: 'vlan 140 PROD-CACHE', live: [], newest: 190 },
  }),
  freeze: confirmPage({ csrf, about: { act: 'freeze' } }),
  unfreeze: confirmPage({
    csrf,
    about: { act: 'unfreeze', freeze: { number: 431, by: 'Ben Ortiz', reason: 'leaf3 is looked at first' } },
  }),
  'stop-all': confirmPage({
    csrf,
    about: { act: 'stop-all', open: 2 },
    because: 'The policy lets nobody but net-leads stop everything.',
  }),
}
