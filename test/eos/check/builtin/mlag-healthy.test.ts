import { mlagHealthy } from '../../../../src/eos/check/builtin/mlag-healthy.ts'
import { checkTable } from '../check-table.ts'

/** `show mlag` of a healthy pair, with these words changed. */
const mlag = (changed: Readonly<Record<string, string>> = {}) => ({
  domainId: 'mlag_leaf12',
  localInterface: 'Vlan4094',
  peerAddress: '169.254.1.0',
  peerLink: 'Port-Channel1',
  systemId: '46:38:39:99:c7:9e',
  state: 'active',
  negStatus: 'connected',
  peerLinkStatus: 'up',
  localIntfStatus: 'up',
  configSanity: 'consistent',
  mlagPorts: { Disabled: 0, 'Active-partial': 0, Inactive: 0, Configured: 0, 'Active-full': 2 },
  ...changed,
})

/** `show mlag interfaces` with these statuses by number. */
const interfaces = (statuses: Readonly<Record<string, string>>) => ({
  interfaces: Object.fromEntries(
    Object.entries(statuses).map(([id, status]) => [
      id,
      { localInterface: `Port-Channel${id}`, peerInterface: `Port-Channel${id}`, status, localInterfaceStatus: 'up' },
    ]),
  ),
})

/** The same as the snapshot keeps it. */
const before = (statuses: Readonly<Record<string, string>>, state = 'active') => ({
  mlag: {
    state,
    negotiation: 'connected',
    peerLink: 'up',
    localInterface: 'up',
    configSanity: 'consistent',
    interfaces: Object.fromEntries(
      Object.entries(statuses).map(([id, status]) => [id, { interface: `Port-Channel${id}`, status }]),
    ),
  },
})
const BOTH = { '3': 'active-full', '4': 'active-full' }

checkTable(mlagHealthy, {
  'a healthy pair': {
    replies: [mlag(), interfaces(BOTH)],
    baseline: before(BOTH),
    verdict: { status: 'pass', facts: ['active, 2 MLAG interfaces active-full'] },
  },
  'an interface has lost a side': {
    replies: [mlag(), interfaces({ '3': 'active-partial', '4': 'inactive' })],
    baseline: before(BOTH),
    verdict: {
      status: 'fail',
      reasons: [
        'MLAG 3 (Port-Channel3) - expected: active-full, actual: active-partial',
        'MLAG 4 (Port-Channel4) - expected: active-full, actual: inactive',
      ],
    },
  },
  'an interface is gone': {
    replies: [mlag(), interfaces({ '3': 'active-full' })],
    baseline: before(BOTH),
    verdict: { status: 'fail', reasons: ['MLAG 4 (Port-Channel4) - expected: active-full, actual: not there'] },
  },
  'one that was partial before is said': {
    replies: [mlag(), interfaces({ '3': 'active-full', '4': 'active-partial', '5': 'inactive' })],
    baseline: before({ '3': 'active-full', '4': 'active-partial' }),
    verdict: {
      status: 'pass',
      facts: [
        'active, 1 MLAG interfaces active-full',
        'MLAG 4 (Port-Channel4) is active-partial, and was not active-full before',
        'MLAG 5 (Port-Channel5) is inactive, and was not active-full before',
      ],
    },
  },
  'nothing known of before: every interface must be whole': {
    replies: [mlag(), interfaces({ '3': 'active-full', '4': 'active-partial' })],
    verdict: { status: 'fail', reasons: ['MLAG 4 (Port-Channel4) - expected: active-full, actual: active-partial'] },
  },
  'the peer link is down': {
    replies: [mlag({ state: 'inactive', negStatus: 'connecting', peerLinkStatus: 'lowerLayerDown' }), interfaces({})],
    baseline: before({}),
    verdict: {
      status: 'fail',
      reasons: [
        'MLAG - expected: active, actual: inactive',
        'negotiation with the peer - expected: connected, actual: connecting',
        'peer link - expected: up, actual: lowerLayerDown',
      ],
    },
  },
  'the local interface is down': {
    replies: [mlag({ localIntfStatus: 'down' }), interfaces(BOTH)],
    verdict: { status: 'fail', reasons: ['local interface - expected: up, actual: down'] },
  },
  'the two do not agree while a rollout is between them': {
    replies: [mlag({ configSanity: 'inconsistent' }), interfaces(BOTH)],
    verdict: {
      status: 'pass',
      facts: ['active, 2 MLAG interfaces active-full', 'config sanity: inconsistent with the peer now'],
    },
  },
  'the two must agree and do not': {
    input: { consistent: true },
    replies: [mlag({ configSanity: 'inconsistent' }), interfaces(BOTH)],
    verdict: { status: 'fail', reasons: ['config sanity - expected: consistent, actual: inconsistent'] },
  },
  'a word that is not told is not a good one': {
    input: { consistent: true },
    replies: [
      { state: 'active', negStatus: 'connected', peerLinkStatus: 'up', localIntfStatus: 'up' },
      interfaces(BOTH),
    ],
    verdict: { status: 'fail', reasons: ['config sanity - expected: consistent, actual: not told'] },
  },
  'the interfaces cannot be read': {
    replies: [mlag(), 'Invalid input'],
    verdict: { status: 'error', reason: '`show mlag interfaces` was refused: Invalid input' },
  },
  'a switch without MLAG': {
    replies: [{ state: 'disabled' }, { interfaces: {} }],
    verdict: { status: 'skip', reason: 'MLAG is not configured on this switch' },
  },
  'a switch that had none before': {
    replies: [{ state: 'disabled' }, { interfaces: {} }],
    baseline: before({}, 'disabled'),
    verdict: { status: 'skip', reason: 'MLAG is not configured on this switch' },
  },
  'a switch that has lost its MLAG': {
    replies: [{ state: 'disabled' }, { interfaces: {} }],
    baseline: before(BOTH),
    verdict: { status: 'fail', reasons: ['MLAG - expected: active as before, actual: disabled'] },
  },
})
