import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

/** What the checks of `vlan` must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyVlanInternalPolicy',
    {
      command: 'show vlan internal allocation policy',
      inputs: { policy: 'descending', start_vlan_id: 1006, end_vlan_id: 1199 },
    },
    [
      passes('as given', [{ policy: 'descending', startVlanId: 1006, endVlanId: 1199 }]),
      fails(
        'another policy hides the range',
        [{ policy: 'ascending', startVlanId: 1, endVlanId: 2 }],
        ['Incorrect VLAN internal allocation policy configured - Expected: descending Actual: ascending'],
      ),
      fails(
        'another range, half of it told',
        [{ policy: 'descending', startVlanId: 1007 }],
        [
          'VLAN internal allocation policy: descending - Incorrect start VLAN id configured - Expected: 1006 Actual: 1007',
          'VLAN internal allocation policy: descending - Incorrect end VLAN id configured - Expected: 1199 Actual: None',
        ],
      ),
      fails(
        'empty',
        [{}],
        ['Incorrect VLAN internal allocation policy configured - Expected: descending Actual: None'],
      ),
    ],
  ),
  ...rowsOf('VerifyDynamicVlanSource', { command: 'show vlan dynamic', inputs: { sources: ['mlagsync', 'evpn'] } }, [
    passes('both, and another', [
      { dynamicVlans: { evpn: { vlanIds: [1199] }, mlagsync: { vlanIds: [10] }, vccbfd: { vlanIds: [11] } } },
    ]),
    passes(
      'strictly, another without VLANs',
      [{ dynamicVlans: { evpn: { vlanIds: [1199] }, dot1x: { vlanIds: [] } } }],
      {
        sources: ['evpn'],
        strict: true,
      },
    ),
    fails('neither', [{ dynamicVlans: {} }], ['Dynamic VLAN source(s) not found in configuration: evpn, mlagsync']),
    fails(
      'both without VLANs',
      [{ dynamicVlans: { mlagsync: {}, evpn: { vlanIds: [] } } }],
      ['Dynamic VLAN source(s) exist but have no VLANs allocated: evpn, mlagsync'],
    ),
    fails(
      'one that is not there, whatever else is wrong',
      [{ dynamicVlans: { vccbfd: { vlanIds: [11] }, evpn: { vlanIds: [] }, dmf: { vlanIds: [12] } } }],
      ['Dynamic VLAN source(s) not found in configuration: mlagsync'],
      { sources: ['mlagsync', 'evpn'], strict: true },
    ),
    fails(
      'one without VLANs',
      [{ dynamicVlans: { vccbfd: { vlanIds: [11] }, evpn: { vlanIds: [] } } }],
      ['Dynamic VLAN source(s) exist but have no VLANs allocated: evpn'],
      { sources: ['evpn'] },
    ),
    fails(
      'others, in strict mode',
      [{ dynamicVlans: { vccbfd: { vlanIds: [11] }, evpn: { vlanIds: [10] }, dmf: { vlanIds: [12] } } }],
      ['Strict mode enabled: Unexpected sources have VLANs allocated: dmf, vccbfd'],
      { sources: ['evpn'], strict: true },
    ),
    fails('empty', [{}], ['Dynamic VLAN source(s) not found in configuration: evpn, mlagsync']),
  ]),
  ...rowsOf(
    'VerifyVlanStatus',
    {
      command: 'show vlan',
      inputs: {
        vlans: [
          { vlan_id: 20, status: 'active' },
          { vlan_id: 10, status: 'suspended' },
        ],
      },
    },
    [
      passes('as given', [{ vlans: { '10': { status: 'suspended' }, '20': { status: 'active' } } }]),
      fails(
        'one missing, one of another status',
        [{ vlans: { '10': { status: 'active' } } }],
        [
          'VLAN: Vlan20 - Not configured',
          'VLAN: Vlan10 - Incorrect administrative status - Expected: suspended Actual: active',
        ],
      ),
      errs(
        'no status is told',
        [{ vlans: { '10': {}, '20': { status: 'active' } } }],
        '`show vlan` does not tell vlans.10.status',
      ),
      fails('empty', [{}], ['VLAN: Vlan20 - Not configured', 'VLAN: Vlan10 - Not configured']),
    ],
  ),
]
