import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const module = (status: string, modelName = 'LC') => ({ status, modelName })
const risers = (powerGood: boolean) => ({ modules: { Linecard3: { risers: { 1: { powerGood } } } } })

const redundancy = (configuredProtocol: string, operationalProtocol: string, changed: object = {}) => [
  { configuredProtocol, operationalProtocol, peerState: 'standby', switchoverReady: true, ...changed },
]

/** What the checks of supervisors, modules and chassis must say. */
export const chassisRows: readonly Row[] = [
  ...rowsOf('VerifySupervisorRedundancy', { command: 'show redundancy status', inputs: { redundancy_proto: 'rpr' } }, [
    passes('configured, operational and ready', redundancy('rpr', 'rpr')),
    passes('sso by default', redundancy('sso', 'sso'), {}),
    fails('configured otherwise', redundancy('sso', 'simplex'), [
      'Configured redundancy protocol mismatch - Expected rpr Actual: sso',
    ]),
    fails('not operational', redundancy('rpr', 'simplex'), [
      'Operational redundancy protocol mismatch - Expected rpr Actual: simplex',
    ]),
    fails('not ready', redundancy('rpr', 'rpr', { switchoverReady: false }), [
      'Redundancy protocol switchover status mismatch - Expected: True Actual: False',
    ]),
    {
      name: 'no other supervisor',
      outputs: redundancy('sso', 'simplex', { peerState: 'notInserted', switchoverReady: false }),
      result: 'skipped',
      messages: ['Peer supervisor card not inserted'],
    },
    errs('empty', [{}], '`show redundancy status` does not tell peerState'),
  ]),
  ...rowsOf('VerifyModuleStatus', { command: 'show module' }, [
    passes('two supervisors, either of them active', [
      { modules: { 1: module('standby', 'SUP'), 2: module('active', 'SUP'), 3: module('ok') } },
      risers(true),
    ]),
    passes(
      'one supervisor, accepted statuses',
      [{ modules: { 1: module('active'), 2: module('poweredOff') } }, risers(true)],
      {
        supervisor_mode: 'single',
        module_statuses: ['ok', 'poweredOff'],
      },
    ),
    fails(
      'both active, a card failed, no good power',
      [{ modules: { 1: module('active'), 2: module('active'), 3: module('failed') } }, risers(false)],
      [
        'Dual-Supervisor Mode - Incorrect statuses - Expected: active/standby Actual: active',
        'Dual-Supervisor Mode - Module: 3 Model: LC - Invalid status - Expected: ok Actual: failed',
        'Dual-Supervisor Mode - Module: Linecard3 Riser 1 - Power is not stable',
      ],
    ),
    fails(
      'no active one among two is expected of a single one',
      [{ modules: { 1: module('standby', 'SUP'), 2: module('active', 'SUP') } }, { modules: {} }],
      [
        'Single-Supervisor Mode - Incorrect status - Expected: active Actual: standby',
        'Single-Supervisor Mode - Module: 2 Model: SUP - Invalid status - Expected: ok Actual: active',
      ],
      { supervisor_mode: 'single' },
    ),
    fails(
      'a supervisor is missing, whatever else is wrong',
      [{ modules: { 1: module('active'), 3: module('failed') } }, risers(false)],
      ['Dual-Supervisor Mode - Standby supervisor is missing'],
    ),
    fails('empty', [{ modules: {} }, { modules: {} }], ['Dual-Supervisor Mode - Standby supervisor is missing']),
    errs('power is not answered', [{ modules: { 1: module('active') } }], '`show module power` was not answered'),
  ]),
  ...rowsOf('VerifyChassisHealth', { command: 'show platform sand health', inputs: { max_fabric_interrupts: 2 } }, [
    passes('initialised, interrupts up to the limit', [
      {
        linecardsNotInitialized: {},
        fabricCardsNotInitialized: {},
        fabricInterruptOccurrences: { Fabric1: { count: 2 } },
      },
    ]),
    fails(
      'line card, fabric card, and interrupts',
      [
        {
          linecardsNotInitialized: { Linecard3: 'hwStateUninitialized' },
          fabricCardsNotInitialized: { Fabric2: 'hwStateUninitialized' },
          fabricInterruptOccurrences: { Fabric1: { count: 3 }, Fabric3: { count: 0 } },
        },
      ],
      [
        'Linecard: Linecard3 - Not initialized',
        'Fabric card: Fabric2 - Not initialized',
        'Fabric: Fabric1 - Fabric interrupts above threshold - Expected: <= 2 Actual: 3',
      ],
    ),
    errs('empty', [{}], '`show platform sand health` answered in an unknown shape at linecardsNotInitialized'),
  ]),
]
