import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const login = 'May 10 13:54:21 leaf1 Aaa: %AAA-5-LOGIN: user admin logged in\n'
const closed = 'May 10 13:54:21 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: closed by peer (EOF)\n'

const login5 = { regex_match: '%AAA-5-LOGIN', last_number_messages: 5 }

/** What the checks of the log's content must say. */
export const entriesLogging: readonly Row[] = [
  // The blank at its end is the empty place of the template.
  ...rowsOf('VerifyLoggingErrors', { command: 'show logging threshold errors ' }, [
    passes('nothing logged', ''),
    fails('an empty line', '\n', ['Device has reported syslog messages with a severity of ERRORS or higher:\n\n']),
    fails('two errors', `${closed}May 10 13:54:22 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: once more\n`, [
      `Device has reported syslog messages with a severity of ERRORS or higher:\n${closed}May 10 13:54:22 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: once more\n`,
    ]),
    { ...passes('empty', ''), emptyIsGood: 'EOS prints nothing where no error was logged' },
    errs('no text', {}, '`show logging threshold errors last 10 hours` answered in an unknown shape', {
      last_number_time_units: 10,
      time_unit: 'hours',
    }),
  ]),
  ...rowsOf(
    'VerifyLoggingEntries',
    { command: 'show logging 5 informational', inputs: { logging_entries: [login5] } },
    [
      passes('found', login),
      passes('the start of any line', [closed + login], {
        logging_entries: [{ regex_match: '(?:^|\\n)May .*LOGIN', last_number_messages: 5 }],
      }),
      passes('what should not be there is not', closed, { logging_entries: [{ ...login5, fail_on_match: true }] }),
      fails(
        'each entry by itself, each pattern by itself',
        [closed, closed, login],
        `
          Pattern: \`%AAA-5-LOGIN\` - Not found in last 5 informational log entries
          Pattern: \`%OSPF\` - Not found in last 7 alerts log entries
          Unexpected Pattern: \`%AAA-\\d\` - Found in last last 3 hours informational log entries
        `,
        {
          logging_entries: [
            login5,
            { regex_match: ['%FWK-3', '%OSPF'], last_number_messages: 7, severity_level: 'alerts' },
            {
              regex_match: ['%AAA-\\d', '%OSPF'],
              last_number_time_units: 3,
              time_unit: 'hours',
              fail_on_match: true,
            },
          ],
        },
      ),
      errs(
        'neither a number of messages nor a time',
        [],
        'the check `VerifyLoggingEntries` does not accept its inputs at logging_entries.0: expected either last_number_messages or last_number_time_units',
        { logging_entries: [{ regex_match: 'x' }] },
      ),
      errs('a pattern that takes for ever', `${'a'.repeat(40)}!`, 'Pattern `^(a+)+$` takes too long to match', {
        logging_entries: [{ regex_match: '^(a+)+$', last_number_messages: 5, fail_on_match: true }],
      }),
      errs(
        'no pattern',
        [],
        'the check `VerifyLoggingEntries` does not accept its inputs at logging_entries.0.regex_match: expected a regular expression, such as ^Ethernet',
        { logging_entries: [{ regex_match: '(' }] },
      ),
      fails('empty', '', 'Pattern: `%AAA-5-LOGIN` - Not found in last 5 informational log entries'),
    ],
  ),
]

const logged = (time: string, host: string, check: string) =>
  `${time} ${host} ConfigAgent: %SYS-6-LOGMSG_INFO: Message from admin on command-api (192.0.2.7): ANTA ${check} validation\n`

const exact = '2026-05-10T13:54:21.463497+00:00'
const rough = 'May 10 13:54:21'

const generation = 'VerifyLoggingLogsGeneration'
const hostname = 'VerifyLoggingHostname'
const timestamp = 'VerifyLoggingTimestamp'

const leaf1 = { hostname: 'leaf1', fqdn: 'leaf1.example.com' }

/** What the checks that have the switch log something must say. */
export const messagesLogging: readonly Row[] = [
  ...rowsOf(generation, { command: `send log level informational message ANTA ${generation} validation` }, [
    passes('the message is there', ['', logged(rough, 'leaf1', generation)]),
    passes('among others', ['', logged(rough, 'leaf1', generation) + logged(rough, 'leaf1', hostname)]),
    fails('the message of another check', ['', logged(rough, 'leaf1', hostname)], 'Logs are not generated'),
    fails('empty', ['', ''], 'Logs are not generated'),
    errs('the log is absent', '', '`show logging alerts last 30 seconds | grep ANTA` was not answered', {
      severity_level: 'alerts',
    }),
  ]),
  ...rowsOf(hostname, { command: 'show hostname' }, [
    passes('the whole name', [leaf1, '', logged(exact, 'leaf1.example.com', hostname)]),
    fails(
      'the short name',
      [leaf1, '', logged(exact, 'leaf1', hostname)],
      'Logs are not generated with the device FQDN',
    ),
    fails(
      'a longer name',
      [leaf1, '', logged(exact, 'leaf1.example.com.test', hostname)],
      'Logs are not generated with the device FQDN',
    ),
    fails(
      'the last message counts',
      [leaf1, '', logged(exact, 'leaf1.example.com', hostname) + logged(exact, 'leaf1', hostname)],
      'Logs are not generated with the device FQDN',
    ),
    fails('no message', [leaf1, '', ''], 'Logs are not generated with the device FQDN'),
    errs('empty', [{}, '', ''], '`show hostname` answered in an unknown shape at fqdn'),
    errs('no name', [{ fqdn: '' }, '', ''], '`show hostname` answered in an unknown shape at fqdn'),
  ]),
  ...rowsOf(timestamp, { command: `send log level informational message ANTA ${timestamp} validation` }, [
    passes('microseconds and an offset', ['', logged(exact, 'leaf1', timestamp)]),
    fails(
      'no date of RFC 3339',
      ['', logged(rough, 'leaf1', timestamp)],
      'Logs are not generated with the appropriate timestamp format',
    ),
    fails(
      'milliseconds',
      ['', logged('2026-05-10T13:54:21.463+00:00', 'leaf1', timestamp)],
      'Logs are not generated with the appropriate timestamp format',
    ),
    fails(
      'no offset',
      ['', logged('2026-05-10T13:54:21.463497', 'leaf1', timestamp)],
      'Logs are not generated with the appropriate timestamp format',
    ),
    fails(
      'the time of another message',
      ['', logged(exact, 'leaf1', hostname)],
      'Logs are not generated with the appropriate timestamp format',
    ),
    fails('empty', ['', ''], 'Logs are not generated with the appropriate timestamp format'),
  ]),
  ...rowsOf('VerifyLoggingAccounting', { command: 'show aaa accounting logs | tail' }, [
    passes(
      'the command itself',
      '2026 May 10 15:50:31 admin command-api 192.0.2.7 stop service=shell priv-lvl=15 cmd=show aaa accounting logs | tail\n',
    ),
    fails(
      'another command',
      '2026 May 10 15:50:31 admin vty3 192.0.2.7 stop service=shell priv-lvl=15 cmd=show version\n',
      'AAA accounting logs are not generated',
    ),
    fails('empty', '', 'AAA accounting logs are not generated'),
  ]),
]

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
export const settingsLogging: readonly Row[] = [
  ...rowsOf('VerifySyslogLogging', { command: 'show logging' }, [
    passes('enabled', logging),
    fails('disabled', 'Syslog logging: disabled\n', 'Syslog logging is disabled'),
    fails('empty', '', 'Syslog logging is disabled'),
  ]),
  ...rowsOf('VerifyLoggingPersistent', { command: 'show logging' }, [
    passes('a log is saved', [
      logging,
      'Directory of flash:/persist/messages\n\n  -rw-   9948  May 10 13:54  messages\n',
    ]),
    fails('disabled', ['Persistent logging: disabled\n', ''], 'Persistent logging is disabled'),
    fails(
      'the log is empty',
      [logging, 'Directory of flash:/persist/messages\n\n  -rw-   0  May 10 13:54  messages\n'],
      'No persistent logs are saved in flash',
    ),
    fails('no log', [logging, 'No files in directory\n'], 'No persistent logs are saved in flash'),
    errs('no folder', logging, '`dir flash:/persist/messages` was not answered'),
    fails('empty', ['', ''], 'No persistent logs are saved in flash'),
  ]),
  ...rowsOf('VerifyLoggingSourceIntf', { command: 'show logging', inputs: { interface: 'Management1', vrf: 'MGMT' } }, [
    passes('in its VRF', logging),
    passes('in the default VRF', logging, { interface: 'Loopback0' }),
    fails('in another VRF', logging, 'Source-interface: Management1 VRF: default - Not configured', {
      interface: 'Management1',
    }),
    fails('a name that is not all of it', logging, 'Source-interface: Management VRF: MGMT - Not configured', {
      interface: 'Management',
      vrf: 'MGMT',
    }),
    fails('empty', '', 'Source-interface: Management1 VRF: MGMT - Not configured'),
  ]),
  ...rowsOf('VerifyLoggingHosts', { command: 'show logging', inputs: { hosts: ['192.0.2.1'], vrf: 'MGMT' } }, [
    passes('in its VRF', logging),
    passes('in the default VRF', logging, { hosts: ['192.0.2.10'] }),
    fails(
      'two are missing: one is not there, the other in another VRF',
      logging,
      'Syslog servers 192.0.2.2, 192.0.2.10 are not configured in VRF MGMT',
      { hosts: ['192.0.2.1', '192.0.2.2', '192.0.2.10'], vrf: 'MGMT' },
    ),
    fails('empty', '', 'Syslog servers 192.0.2.1 are not configured in VRF MGMT'),
  ]),
]

/** What the checks of `logging` must say. */
export const loggingChecks: readonly Row[] = [...entriesLogging, ...messagesLogging, ...settingsLogging]
