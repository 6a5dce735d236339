import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const user = { username: 'nms', group_name: 'READERS', version: 'v3', auth_type: 'SHA-256', priv_type: 'AES-128' }

const inVersion = (version: string, shown: Readonly<Record<string, string | { readonly [key: string]: string }>>) => ({
  usersByVersion: { [version]: { users: { nms: { ...shown } } } },
})

const views = (secModel: string, readView: string, readViewConfig: boolean) => ({
  secModel,
  readView,
  readViewConfig,
  writeView: '',
  notifyView: 'EVENTS',
  notifyViewConfig: true,
})

const inGroup = (version: string, shown: ReturnType<typeof views>) => ({
  groups: { READERS: { versions: { [version]: shown } } },
})

const group = { group_name: 'READERS', version: 'v3', read_view: 'ALL', notify_view: 'EVENTS', authentication: 'auth' }

/** What the checks of SNMP users and groups must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifySnmpUser', { command: 'show snmp user', inputs: { snmp_users: [user] } }, [
    passes('all as expected', [
      inVersion('v3', { groupName: 'READERS', v3Params: { authType: 'SHA-256', privType: 'AES-128' } }),
    ]),
    passes(
      'algorithms that are not asked for',
      [inVersion('v3', { groupName: 'READERS', v3Params: { authType: 'SHA', privType: 'DES' } })],
      {
        snmp_users: [{ username: 'nms', group_name: 'READERS', version: 'v3', auth_type: 'SHA' }],
      },
    ),
    passes('algorithms mean nothing in v2c', [inVersion('v2c', { groupName: 'READERS' })], {
      snmp_users: [{ ...user, version: 'v2c' }],
    }),
    fails(
      'another group and other algorithms',
      [inVersion('v3', { groupName: 'WRITERS', v3Params: { authType: 'MD5', privType: 'DES' } })],
      [
        'User: nms Group: READERS Version: v3 - Incorrect user group - Actual: WRITERS',
        'User: nms Group: READERS Version: v3 - Incorrect authentication type - Expected: SHA-256 Actual: MD5',
        'User: nms Group: READERS Version: v3 - Incorrect privacy type - Expected: AES-128 Actual: DES',
      ],
    ),
    fails('nothing is told of it', [inVersion('v3', {})], ['User: nms Group: READERS Version: v3 - Not found']),
    fails(
      'another version',
      [inVersion('v2c', { groupName: 'READERS' })],
      ['User: nms Group: READERS Version: v3 - Not found'],
    ),
    fails('empty', [{}], ['User: nms Group: READERS Version: v3 - Not found']),
  ]),
  ...rowsOf('VerifySnmpGroup', { command: 'show snmp group', inputs: { snmp_groups: [group] } }, [
    passes('all as expected', [inGroup('v3', views('v3Auth', 'ALL', true))]),
    passes('views that are not asked for', [inGroup('v2c', views('v2c', 'ALL', false))], {
      snmp_groups: [{ group_name: 'READERS', version: 'v2c', read_view: null, notify_view: 'EVENTS' }],
    }),
    fails(
      'another security model and another view',
      [inGroup('v3', views('v3NoAuth', 'SOME', true))],
      [
        'Group: READERS Version: v3 - Incorrect Read view - Expected: ALL Actual: SOME',
        'Group: READERS Version: v3 - Incorrect security model - Expected: v3Auth Actual: v3NoAuth',
      ],
    ),
    fails(
      'a view without a configuration, and none',
      [inGroup('v1', views('v1', 'ALL', false))],
      [
        'Group: READERS Version: v1 Read View: ALL - Not configured',
        'Group: READERS Version: v1 View: write - Not configured',
      ],
      { snmp_groups: [{ group_name: 'READERS', version: 'v1', read_view: 'ALL', write_view: 'ALL' }] },
    ),
    fails(
      'another version',
      [inGroup('v1', views('v1', 'ALL', true))],
      ['Group: READERS Version: v3 - Not configured'],
    ),
    fails('no group', [{ groups: {} }], ['Group: READERS Version: v3 - Not configured']),
    errs(
      'v3 without the kind of authentication',
      [],
      'the check `VerifySnmpGroup` does not accept its inputs at snmp_groups.0.authentication: v3 needs the kind of authentication',
      { snmp_groups: [{ group_name: 'READERS', version: 'v3' }] },
    ),
    fails('empty', [{}], ['Group: READERS Version: v3 - Not configured']),
  ]),
]
