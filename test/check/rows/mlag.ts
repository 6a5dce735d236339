import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const healthy = { state: 'active', negStatus: 'connected', peerLinkStatus: 'up', localIntfStatus: 'up' }
const disabled = {
  name: 'MLAG is disabled',
  outputs: [{ state: 'disabled' }],
  result: 'skipped',
  messages: ['MLAG is disabled'],
} as const
const empty = errs('empty', [{}], '`show mlag` answered in an unknown shape at state')
const emptyDetail = errs('empty', [{}], '`show mlag detail` answered in an unknown shape at state')
const guarded = {
  state: 'active',
  dualPrimaryDetectionState: 'configured',
  dualPrimaryMlagRecoveryDelay: 70,
  dualPrimaryNonMlagRecoveryDelay: 5,
  detail: { dualPrimaryDetectionDelay: 30, dualPrimaryAction: 'errdisableAllInterfaces' },
}

/** What the checks of `mlag` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyMlagStatus', { command: 'show mlag' }, [
    passes('a healthy pair', [healthy]),
    fails(
      'everything is down',
      [{ state: 'inactive', negStatus: 'connecting', peerLinkStatus: 'down', localIntfStatus: 'down' }],
      [
        'MLAG state is not active - Expected: active Actual: inactive',
        'MLAG negotiation status mismatch - Expected: connected Actual: connecting',
        'Operational state of the MLAG local interface is not correct - Expected: up Actual: down',
        'Operational state of the MLAG peer link is not correct - Expected: up Actual: down',
      ],
    ),
    errs(
      'the peer is not told of',
      [{ state: 'active', peerLinkStatus: 'up', localIntfStatus: 'up' }],
      '`show mlag` does not tell negStatus',
    ),
    disabled,
    empty,
  ]),
  ...rowsOf('VerifyMlagInterfaces', { command: 'show mlag' }, [
    passes('all are active on both sides', [
      { state: 'active', mlagPorts: { Disabled: 1, Inactive: 0, 'Active-partial': 0, 'Active-full': 9 } },
    ]),
    fails(
      'two are active on one side only',
      [{ state: 'active', mlagPorts: { Inactive: 0, 'Active-partial': 2, 'Active-full': 7 } }],
      ['MLAG status is not ok - Inactive Ports: 0 Partial Active Ports: 2'],
    ),
    errs('the ports are not told of', [{ state: 'active' }], '`show mlag` does not tell mlagPorts'),
    disabled,
    empty,
  ]),
  ...rowsOf('VerifyMlagConfigSanity', { command: 'show mlag config-sanity' }, [
    passes('the peers agree', [{ mlagActive: true, globalConfiguration: {}, interfaceConfiguration: {} }]),
    fails(
      'they agree on nothing',
      [
        {
          mlagActive: true,
          globalConfiguration: { vlan: { globalParameters: { '110': { localValue: 'true', peerValue: '-' } } } },
          interfaceConfiguration: { stp: { interfaceParameters: { 'Port-Channel7': {} } } },
        },
      ],
      ['MLAG config-sanity found in global configuration', 'MLAG config-sanity found in interface configuration'],
    ),
    errs(
      'one half is not told, and the other is well',
      [{ mlagActive: true, globalConfiguration: {} }],
      '`show mlag config-sanity` does not tell interfaceConfiguration',
    ),
    fails(
      'one half is not told, and the other is not well',
      [{ mlagActive: true, interfaceConfiguration: { stp: { interfaceParameters: {} } } }],
      ['MLAG config-sanity found in interface configuration'],
    ),
    { ...disabled, outputs: [{ mlagActive: false }] },
    errs('empty', [{}], '`show mlag config-sanity` answered in an unknown shape at mlagActive'),
  ]),
  ...rowsOf(
    'VerifyMlagReloadDelay',
    { command: 'show mlag', inputs: { reload_delay: 600, reload_delay_non_mlag: 630 } },
    [
      passes('as given', [{ state: 'active', reloadDelay: 600, reloadDelayNonMlag: 630 }]),
      fails(
        'both are others',
        [{ state: 'active', reloadDelay: 300, reloadDelayNonMlag: 0 }],
        [
          'MLAG reload-delay mismatch - Expected: 600s Actual: 300s',
          'Delay for non-MLAG ports mismatch - Expected: 630s Actual: 0s',
        ],
      ),
      fails(
        'one is not told',
        [{ state: 'active', reloadDelay: 600 }],
        ['Delay for non-MLAG ports mismatch - Expected: 630s Actual: Nones'],
      ),
      disabled,
      empty,
    ],
  ),
  ...rowsOf(
    'VerifyMlagDualPrimary',
    {
      command: 'show mlag detail',
      inputs: { detection_delay: 30, errdisabled: true, recovery_delay: 70, recovery_delay_non_mlag: 5 },
    },
    [
      passes('as given', [guarded]),
      fails(
        'everything is another',
        [
          {
            ...guarded,
            dualPrimaryMlagRecoveryDelay: 60,
            dualPrimaryNonMlagRecoveryDelay: 0,
            detail: { dualPrimaryDetectionDelay: 5, dualPrimaryAction: 'none' },
          },
        ],
        [
          'Dual-primary action mismatch - Expected: errdisableAllInterfaces Actual: none',
          'Dual-primary detection delay mismatch - Expected: 30 Actual: 5',
          'Dual-primary MLAG recovery delay mismatch - Expected: 70 Actual: 60',
          'Dual-primary non MLAG recovery delay mismatch - Expected: 5 Actual: 0',
        ],
      ),
      fails(
        'interfaces would be errdisabled and must not',
        [guarded],
        ['Dual-primary action mismatch - Expected: none Actual: errdisableAllInterfaces'],
        { detection_delay: 30, recovery_delay: 70, recovery_delay_non_mlag: 5 },
      ),
      fails(
        'no detection',
        [{ ...guarded, dualPrimaryDetectionState: 'disabled' }],
        ['Dual-primary detection is disabled'],
      ),
      errs(
        'detection is not told',
        [{ state: 'active' }],
        '`show mlag detail` does not tell dualPrimaryDetectionState',
      ),
      disabled,
      emptyDetail,
    ],
  ),
  ...rowsOf('VerifyMlagPrimaryPriority', { command: 'show mlag detail', inputs: { primary_priority: 100 } }, [
    passes('the primary', [{ state: 'active', detail: { mlagState: 'primary', primaryPriority: 100 } }]),
    fails(
      'the secondary, by another priority',
      [{ state: 'active', detail: { mlagState: 'secondary', primaryPriority: 32_767 } }],
      ['The device is not set as MLAG primary', 'MLAG primary priority mismatch - Expected: 100 Actual: 32767'],
    ),
    fails(
      'without details',
      [{ state: 'active' }],
      ['The device is not set as MLAG primary', 'MLAG primary priority mismatch - Expected: 100 Actual: None'],
    ),
    disabled,
    emptyDetail,
  ]),
]
