import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const PARTITION = 'show platform trident forwarding-table partition'

const running = (status: string) => ({ config: 'vxlan-routing', status })

/** What the checks of `profiles` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyUnifiedForwardingTableMode', { command: PARTITION, inputs: { mode: 4 } }, [
    passes('a numbered mode', [{ uftMode: '4' }]),
    passes('the flexible mode', [{ uftMode: 'flexible' }], { mode: 'flexible' }),
    fails('another mode', [{ uftMode: '2' }], ['Not running the correct UFT mode - Expected: 4 Actual: 2']),
    errs('empty', [{}], `\`${PARTITION}\` answered in an unknown shape at uftMode`),
  ]),
  ...rowsOf('VerifyTcamProfile', { command: 'show hardware tcam profile', inputs: { profile: 'vxlan-routing' } }, [
    passes('every line card', [
      { pmfProfiles: { Linecard3: running('vxlan-routing'), Linecard4: running('vxlan-routing') } },
    ]),
    fails(
      'configured and not running',
      [{ pmfProfiles: { Linecard3: running('default'), Linecard4: running('vxlan-routing') } }],
      ['Linecard3 - Incorrect profile running on device - Expected: vxlan-routing Actual: default'],
    ),
    errs(
      'not told',
      [{ pmfProfiles: { Linecard4: {} } }],
      '`show hardware tcam profile` does not tell pmfProfiles.Linecard4.status',
    ),
    fails('empty', [{ pmfProfiles: {} }], ['No TCAM profile found']),
  ]),
]
