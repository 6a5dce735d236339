import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const good = { activity: true, aggregation: true, synchronization: true, collecting: true, distributing: true }
const slow = { ...good, timeout: false }
const fast = { ...good, timeout: true }
const { collecting: _collecting, ...withoutCollecting } = fast
const member = (actorPortState: JsonObject, partnerPortState: JsonObject, details: JsonObject = {}) => ({
  portChannels: {
    'Port-Channel7': {
      interfaces: { Ethernet1: { actorPortStatus: 'bundled', actorPortState, partnerPortState, details } },
    },
  },
})
const asked = (more: JsonObject = {}) => ({ interfaces: [{ name: 'et1', portchannel: 'po7', ...more }] })
const subject = 'Interface: Ethernet1 Port-Channel: Port-Channel7'

/** What the checks of port-channels must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyPortChannels', { command: 'show port-channel' }, [
    passes('all are active', [{ portChannels: { 'Port-Channel7': { inactivePorts: {} } } }]),
    passes('one is ignored', [{ portChannels: { 'Port-Channel7': { inactivePorts: { Ethernet1: {} } } } }], {
      ignored_interfaces: ['po7'],
    }),
    fails(
      'two ports, and a port-channel that was named',
      [{ portChannels: { 'Port-Channel7': { inactivePorts: { Ethernet1: {}, Ethernet2: {} } } } }],
      ['Interface: Port-Channel8 - Not found', 'Interface: Port-Channel7 - Inactive port(s) - Ethernet1, Ethernet2'],
      { interfaces: ['po8', 'po7'] },
    ),
    errs('empty', [{}], '`show port-channel` does not tell portChannels'),
  ]),
  ...rowsOf('VerifyIllegalLACP', { command: 'show lacp counters all-ports' }, [
    passes('none', [{ portChannels: { 'Port-Channel7': { interfaces: { Ethernet1: { illegalRxCount: 0 } } } } }]),
    fails(
      'two members',
      [
        {
          portChannels: {
            'Port-Channel7': { interfaces: { Ethernet1: { illegalRxCount: 1 }, Ethernet2: { illegalRxCount: 2 } } },
            'Port-Channel8': { interfaces: { Ethernet3: { illegalRxCount: 3 } } },
          },
        },
      ],
      [
        'Interface: Port-Channel7 - Illegal LACP packets detected on member interface Ethernet1',
        'Interface: Port-Channel7 - Illegal LACP packets detected on member interface Ethernet2',
      ],
      { ignored_interfaces: ['Port-Channel8'] },
    ),
    errs('empty', [{}], '`show lacp counters all-ports` does not tell portChannels'),
  ]),
  ...rowsOf('VerifyLACPInterfacesStatus', { command: 'show lacp interface detailed', inputs: asked() }, [
    passes('in sync', [member(slow, slow)]),
    passes(
      'fast, without churn',
      [member(fast, fast, { actorChurnState: 'noChurn', partnerChurnState: 'monitor' })],
      asked({ lacp_rate_fast: true, lacp_churn_state: true }),
    ),
    fails(
      'the actor is not active, the partner is fast and does not say all',
      [member({ ...slow, activity: false }, withoutCollecting)],
      [
        'Interface: Ethernet1 Port-Channel: Port-Channel7 - Actor port activity state mismatch - Expected: True Actual: False',
        'Interface: Ethernet1 Port-Channel: Port-Channel7 - Partner port collecting state mismatch - Expected: True Actual: None',
        'Interface: Ethernet1 Port-Channel: Port-Channel7 - Partner port timeout state mismatch - Expected: False Actual: True',
      ],
    ),
    fails(
      'churn',
      [member(slow, slow, { actorChurnState: 'churnDetected' })],
      [`${subject} - Churn detected (mismatch system ID)`],
      asked({ lacp_churn_state: true }),
    ),
    errs(
      'churn is not told',
      [member(slow, slow)],
      '`show lacp interface detailed` does not tell portChannels.Port-Channel7.interfaces.Ethernet1.details.actorChurnState',
      asked({ lacp_churn_state: true }),
    ),
    fails(
      'not bundled',
      [{ portChannels: { 'Port-Channel7': { interfaces: { Ethernet1: { actorPortStatus: 'noAgg' } } } } }],
      [`${subject} - Not bundled - Port Status: noAgg`],
    ),
    fails('not there', [{ portChannels: {} }], [`${subject} - Not configured`]),
    fails('empty', [{}], ['Interface: Ethernet1 Port-Channel: Port-Channel7 - Not configured']),
  ]),
]
