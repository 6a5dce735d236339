import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const command = 'show ip igmp snooping'

/** What the checks of `multicast` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyIGMPSnoopingGlobal', { command, inputs: { enabled: true } }, [
    passes('enabled', [{ igmpSnoopingState: 'enabled' }]),
    passes('disabled', [{ igmpSnoopingState: 'disabled' }], { enabled: false }),
    fails(
      'disabled though it must not be',
      [{ igmpSnoopingState: 'disabled' }],
      ['IGMP state is not valid - Expected: enabled Actual: disabled'],
    ),
    fails(
      'enabled though it must not be',
      [{ igmpSnoopingState: 'enabled' }],
      ['IGMP state is not valid - Expected: disabled Actual: enabled'],
      { enabled: false },
    ),
    errs('empty', [{}], '`show ip igmp snooping` does not tell igmpSnoopingState'),
  ]),
  ...rowsOf('VerifyIGMPSnoopingVlans', { command, inputs: { vlans: { '10': true, '20': false } } }, [
    passes('as given', [
      {
        igmpSnoopingState: 'enabled',
        vlans: { '10': { igmpSnoopingState: 'enabled' }, '20': { igmpSnoopingState: 'disabled' } },
      },
    ]),
    fails(
      'the other way round, and missing',
      [
        {
          igmpSnoopingState: 'enabled',
          vlans: { '10': { igmpSnoopingState: 'disabled' }, '30': { igmpSnoopingState: 'enabled' } },
        },
      ],
      [
        'VLAN10 - Incorrect IGMP state - Expected: enabled Actual: disabled',
        'Supplied vlan 20 is not present on the device',
        'VLAN30 - Incorrect IGMP state - Expected: disabled Actual: enabled',
      ],
      { vlans: { '10': true, '20': true, '30': false } },
    ),
    errs(
      'no VLANs while snooping is disabled',
      [{ igmpSnoopingState: 'disabled' }],
      '`show ip igmp snooping` does not tell vlans',
    ),
    errs(
      'no VLAN',
      [{ igmpSnoopingState: 'enabled' }],
      'the check `VerifyIGMPSnoopingVlans` does not accept its inputs at vlans.4095: Invalid key in record',
      { vlans: { '4095': true } },
    ),
    errs('empty', [{}], '`show ip igmp snooping` does not tell vlans'),
  ]),
]
