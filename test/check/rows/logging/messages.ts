import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const logged = (time: string, host: string, check: string): string =>
  `${time} ${host} ConfigAgent: %SYS-6-LOGMSG_INFO: Message from admin on command-api (192.0.2.7): ANTA ${check} validation\n`

const exact = '2026-05-10T13:54:21.463497+00:00'
const rough = 'May 10 13:54:21'

const generation = 'VerifyLoggingLogsGeneration'
const hostname = 'VerifyLoggingHostname'
const timestamp = 'VerifyLoggingTimestamp'

const leaf1 = { hostname: 'leaf1', fqdn: 'leaf1.example.com' }

/** What the checks that have the switch log something must say. */
export const rows: readonly Row[] = [
  ...rowsOf(generation, { command: `send log level informational message ANTA ${generation} validation` }, [
    passes('the message is there', ['', logged(rough, 'leaf1', generation)]),
    passes('among others', ['', logged(rough, 'leaf1', generation) + logged(rough, 'leaf1', hostname)]),
    fails('the message of another check', ['', logged(rough, 'leaf1', hostname)], ['Logs are not generated']),
    fails('empty', ['', ''], ['Logs are not generated']),
    errs('the log is absent', [''], '`show logging alerts last 30 seconds | grep ANTA` was not answered', {
      severity_level: 'alerts',
    }),
  ]),
  ...rowsOf(hostname, { command: 'show hostname' }, [
    passes('the whole name', [leaf1, '', logged(exact, 'leaf1.example.com', hostname)]),
    fails(
      'the short name',
      [leaf1, '', logged(exact, 'leaf1', hostname)],
      ['Logs are not generated with the device FQDN'],
    ),
    fails(
      'a longer name',
      [leaf1, '', logged(exact, 'leaf1.example.com.test', hostname)],
      ['Logs are not generated with the device FQDN'],
    ),
    fails(
      'the last message counts',
      [leaf1, '', logged(exact, 'leaf1.example.com', hostname) + logged(exact, 'leaf1', hostname)],
      ['Logs are not generated with the device FQDN'],
    ),
    fails('no message', [leaf1, '', ''], ['Logs are not generated with the device FQDN']),
    errs('empty', [{}, '', ''], '`show hostname` answered in an unknown shape at fqdn'),
    errs('no name', [{ fqdn: '' }, '', ''], '`show hostname` answered in an unknown shape at fqdn'),
  ]),
  ...rowsOf(timestamp, { command: `send log level informational message ANTA ${timestamp} validation` }, [
    passes('microseconds and an offset', ['', logged(exact, 'leaf1', timestamp)]),
    fails(
      'no date of RFC 3339',
      ['', logged(rough, 'leaf1', timestamp)],
      ['Logs are not generated with the appropriate timestamp format'],
    ),
    fails(
      'milliseconds',
      ['', logged('2026-05-10T13:54:21.463+00:00', 'leaf1', timestamp)],
      ['Logs are not generated with the appropriate timestamp format'],
    ),
    fails(
      'no offset',
      ['', logged('2026-05-10T13:54:21.463497', 'leaf1', timestamp)],
      ['Logs are not generated with the appropriate timestamp format'],
    ),
    fails(
      'the time of another message',
      ['', logged(exact, 'leaf1', hostname)],
      ['Logs are not generated with the appropriate timestamp format'],
    ),
    fails('empty', ['', ''], ['Logs are not generated with the appropriate timestamp format']),
  ]),
  ...rowsOf('VerifyLoggingAccounting', { command: 'show aaa accounting logs | tail' }, [
    passes('the command itself', [
      '2026 May 10 15:50:31 admin command-api 192.0.2.7 stop service=shell priv-lvl=15 cmd=show aaa accounting logs | tail\n',
    ]),
    fails(
      'another command',
      ['2026 May 10 15:50:31 admin vty3 192.0.2.7 stop service=shell priv-lvl=15 cmd=show version\n'],
      ['AAA accounting logs are not generated'],
    ),
    fails('empty', [''], ['AAA accounting logs are not generated']),
  ]),
]
