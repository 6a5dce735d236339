import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const COMMAND = 'show adaptive-virtual-topology path'

const path = (flags: object, hops: object = {}) => ({
  flags: { directPath: true, valid: true, active: true, ...flags },
  nexthopAddr: '192.0.2.1',
  destination: '192.0.2.2',
  ...hops,
})

const vrfs = (profile: string, avtPaths: object, vrf = 'default') => [
  { vrfs: { [vrf]: { avts: { [profile]: { avtPaths: { ...avtPaths } } } } } },
]

const given = { avt_name: 'VOICE', destination: '192.0.2.2', next_hop: '192.0.2.1' }
const subject = 'AVT: VOICE VRF: default Destination: 192.0.2.2 Next-hop: 192.0.2.1'

/** What the checks of `avt` must say. */
export const avtChecks: readonly Row[] = [
  ...rowsOf('VerifyAVTPathHealth', { command: COMMAND }, [
    passes('all valid and active', vrfs('VOICE', { 'direct:1': path({}), 'multihop:2': path({ directPath: false }) })),
    fails(
      'each fault',
      vrfs(
        'VOICE',
        {
          'direct:1': path({ valid: false, active: false }),
          'direct:2': path({ valid: false }),
          'direct:3': path({ active: false }),
          'direct:4': path({}),
        },
        'data',
      ),
      `
        VRF: data Profile: VOICE AVT path: direct:1 - Invalid and not active
        VRF: data Profile: VOICE AVT path: direct:2 - Invalid
        VRF: data Profile: VOICE AVT path: direct:3 - Not active
      `,
    ),
    errs(
      'a profile without paths',
      { vrfs: { default: { avts: { VOICE: {} } }, data: {} } },
      '`show adaptive-virtual-topology path`: the answer has no path',
    ),
    fails('empty', { vrfs: {} }, 'Adaptive virtual topology paths are not configured'),
  ]),
  ...rowsOf('VerifyAVTSpecificPath', { command: COMMAND, inputs: { avt_paths: [given] } }, [
    passes(
      'both types where none is given; other destinations and next hops do not count',
      vrfs('VOICE', {
        'direct:1': path({}),
        'multihop:1': path({ directPath: false }),
        'direct:2': path({ valid: false }, { destination: '192.0.2.3' }),
        'direct:3': path({ active: false }, { nexthopAddr: '192.0.2.4' }),
      }),
    ),
    passes(
      'the other type does not count where one is given',
      vrfs('VOICE', { 'direct:1': path({ valid: false }), 'multihop:1': path({ directPath: false }) }),
      { avt_paths: [{ ...given, path_type: 'multihop' }] },
    ),
    fails(
      'every path that is not healthy',
      vrfs('VOICE', { 'direct:1': path({ active: false }), 'multihop:1': path({ directPath: false, valid: false }) }),
      `
        ${subject} - Incorrect path direct:1 - Valid: True Active: False
        ${subject} - Incorrect path multihop:1 - Valid: False Active: True
      `,
    ),
    fails(
      'another VRF, another profile, no path of the type',
      vrfs('VOICE', { 'direct:1': path({}) }),
      `
        AVT: VOICE VRF: data Destination: 192.0.2.2 Next-hop: 192.0.2.1 - No AVT path configured
        AVT: VIDEO VRF: default Destination: 192.0.2.2 Next-hop: 192.0.2.1 - No AVT path configured
        AVT: VOICE (Calls abroad) VRF: default Destination: 192.0.2.2 Next-hop: 192.0.2.1 Path Type: multihop - Path not found
      `,
      {
        avt_paths: [
          { ...given, vrf: 'data' },
          { ...given, avt_name: 'VIDEO' },
          { ...given, path_type: 'multihop', description: 'Calls abroad' },
        ],
      },
    ),
    fails('no VRF', { vrfs: {} }, `${subject} - No AVT path configured`),
    fails('empty', {}, 'AVT: VOICE VRF: default Destination: 192.0.2.2 Next-hop: 192.0.2.1 - No AVT path configured'),
  ]),
  ...rowsOf('VerifyAVTRole', { command: COMMAND, inputs: { role: 'edge' } }, [
    passes('the given role', { role: 'edge' }),
    fails('another role', { role: 'transit' }, 'AVT role mismatch - Expected: edge Actual: transit'),
    fails('empty', {}, 'AVT role mismatch - Expected: edge Actual: None'),
  ]),
]
