import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const logging = `Syslog logging: enabled
    Buffer logging: level debugging
    Persistent logging: level debugging
    Trap logging: level informational
        Logging source-interface 'Management1', IP Address 192.0.2.9 in VRF MGMT
        Logging source-interface 'Loopback0', IP Address 198.51.100.9 in VRF default
        Logging to '192.0.2.1' port 514 in VRF MGMT via udp
        Logging to '192.0.2.10' port 514 in VRF default via tcp
`

/** What the checks of the settings of the log must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifySyslogLogging', { command: 'show logging' }, [
    passes('enabled', [logging]),
    fails('disabled', ['Syslog logging: disabled\n'], ['Syslog logging is disabled']),
    fails('empty', [''], ['Syslog logging is disabled']),
  ]),
  ...rowsOf('VerifyLoggingPersistent', { command: 'show logging' }, [
    passes('a log is saved', [
      logging,
      'Directory of flash:/persist/messages\n\n  -rw-   9948  May 10 13:54  messages\n',
    ]),
    fails('disabled', ['Persistent logging: disabled\n', ''], ['Persistent logging is disabled']),
    fails(
      'the log is empty',
      [logging, 'Directory of flash:/persist/messages\n\n  -rw-   0  May 10 13:54  messages\n'],
      ['No persistent logs are saved in flash'],
    ),
    fails('no log', [logging, 'No files in directory\n'], ['No persistent logs are saved in flash']),
    errs('no folder', [logging], '`dir flash:/persist/messages` was not answered'),
    fails('empty', ['', ''], ['No persistent logs are saved in flash']),
  ]),
  ...rowsOf('VerifyLoggingSourceIntf', { command: 'show logging', inputs: { interface: 'Management1', vrf: 'MGMT' } }, [
    passes('in its VRF', [logging]),
    passes('in the default VRF', [logging], { interface: 'Loopback0' }),
    fails('in another VRF', [logging], ['Source-interface: Management1 VRF: default - Not configured'], {
      interface: 'Management1',
    }),
    fails('a name that is not all of it', [logging], ['Source-interface: Management VRF: MGMT - Not configured'], {
      interface: 'Management',
      vrf: 'MGMT',
    }),
    fails('empty', [''], ['Source-interface: Management1 VRF: MGMT - Not configured']),
  ]),
  ...rowsOf('VerifyLoggingHosts', { command: 'show logging', inputs: { hosts: ['192.0.2.1'], vrf: 'MGMT' } }, [
    passes('in its VRF', [logging]),
    passes('in the default VRF', [logging], { hosts: ['192.0.2.10'] }),
    fails(
      'two are missing: one is not there, the other in another VRF',
      [logging],
      ['Syslog servers 192.0.2.2, 192.0.2.10 are not configured in VRF MGMT'],
      { hosts: ['192.0.2.1', '192.0.2.2', '192.0.2.10'], vrf: 'MGMT' },
    ),
    fails('empty', [''], ['Syslog servers 192.0.2.1 are not configured in VRF MGMT']),
  ]),
]
