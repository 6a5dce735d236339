import type { EventBody } from '../../../src/journal/event.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { ALICE, PLAN } from '../one-of-each-event.ts'

/** A person whom an identity provider vouches for, with every member. */
const BOB: Principal = {
  issuer: 'corp',
  id: 'corp:00u1b0b',
  kind: 'agent',
  auth: 'oidc',
  display: 'Bob',
  groups: ['network-admins'],
  person: 'E1042',
  authenticatedAt: '2026-01-05T07:55:00.000Z',
  onBehalfOf: { issuer: 'corp', id: 'corp:00u1c4r0l', groups: ['network'], person: 'E1043' },
}

/** Events of every type that is for auditors alone or that they ask for first, each with all of its optional members and, where it has some, once without. */
export const EACH_AUDIT_EVENT: readonly EventBody[] = [
  {
    type: 'AccessDenied',
    principal: BOB,
    needs: 'task.push',
    reason: 'outside of every window',
    rules: ['leaf-change', 'freeze-december'],
    policy: 'sha256:0b',
    workflow: 'add-vlan',
    plan: PLAN,
    devices: ['leaf1', 'leaf2'],
    place: 'Push in RollOutWaves[0].RollOutWave[1]',
  },
  { type: 'AccessDenied', principal: ALICE, needs: 'plan.approve', reason: 'no rule allows it' },
  { type: 'PolicyLoaded', file: 'policy.yaml', policy: 'sha256:0b' },
  {
    type: 'BreakGlassUsed',
    principal: ALICE,
    needs: 'execution.start',
    reason: 'INC-7: the core is down',
    rules: ['break-glass'],
    policy: 'sha256:0b',
    plan: PLAN,
    devices: ['leaf1'],
  },
  {
    type: 'BreakGlassUsed',
    principal: ALICE,
    needs: 'execution.start',
    reason: 'INC-8',
    rules: ['break-glass'],
    policy: 'sha256:0b',
  },
  { type: 'ApprovalRefused', plan: PLAN, reason: 'its signature is not good', claimed: 'bob@example.com', nonce: '00' },
  { type: 'ApprovalRefused', plan: PLAN, reason: 'it is over' },
  { type: 'ApprovalInvalidated', plan: PLAN, condition: 'time', reason: 'it is over', device: 'leaf1' },
  { type: 'ApprovalInvalidated', plan: PLAN, condition: 'drift', reason: 'its base is another one' },
  { type: 'LoggedIn', principal: BOB, flow: 'browser', until: '2026-01-05T16:00:00.000Z', stepUp: true },
  { type: 'LoggedIn', principal: BOB, flow: 'ci-token' },
  { type: 'LoginFailed', issuer: 'corp', flow: 'device-code', reason: 'the code was not entered in time' },
  { type: 'LoggedOut', principal: BOB },
  {
    type: 'SecretResolved',
    reference: 'vault:kv/net/bgp#leaf1',
    outcome: 'ok',
    version: '7',
    until: '2026-01-05T09:00:00.000Z',
    device: 'leaf1',
    state: 'Push',
  },
  { type: 'SecretResolved', reference: 'exec:pass', outcome: 'failed', reason: 'it ended with code 1' },
  { type: 'InsecureAllowed', device: 'leaf1', transport: 'eapi' },
  {
    type: 'HostTrusted',
    device: 'leaf1',
    transport: 'ssh',
    fingerprint: 'SHA256:kPYDwd+W0b4t5sDG/ySYL/RFPLVUZkMLCWvvKBnbpTM',
  },
  { type: 'ClockSetBack', latest: '2026-01-05T08:00:00.000Z', now: '2026-01-05T07:00:00.000Z' },
  { type: 'AuditVerified', size: 12, root: 'AAAA', outcome: 'tampered', anchors: 2, reason: 'record 7 is missing' },
  { type: 'AuditVerified', size: 12, root: 'AAAA', outcome: 'intact', anchors: 0 },
  { type: 'KeyRotated', key: 'plan', from: 'SHA256:aa', to: 'SHA256:bb', reason: 'a laptop was lost' },
  { type: 'AuditExported', format: 'cef', to: 'siem', first: 1 },
]
