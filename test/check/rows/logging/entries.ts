import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const login = 'May 10 13:54:21 leaf1 Aaa: %AAA-5-LOGIN: user admin logged in\n'
const closed = 'May 10 13:54:21 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: closed by peer (EOF)\n'

const login5 = { regex_match: '%AAA-5-LOGIN', last_number_messages: 5 }

/** What the checks of the log's content must say. */
export const rows: readonly Row[] = [
  // The blank at its end is the empty place of the template.
  ...rowsOf('VerifyLoggingErrors', { command: 'show logging threshold errors ' }, [
    passes('nothing logged', ['']),
    fails('an empty line', ['\n'], ['Device has reported syslog messages with a severity of ERRORS or higher:\n\n']),
    fails(
      'two errors',
      [`${closed}May 10 13:54:22 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: once more\n`],
      [
        `Device has reported syslog messages with a severity of ERRORS or higher:\n${closed}May 10 13:54:22 leaf1 Mlag: %FWK-3-SOCKET_CLOSE_REMOTE: once more\n`,
      ],
    ),
    { ...passes('empty', ['']), emptyIsGood: 'EOS prints nothing where no error was logged' },
    errs('no text', [{}], '`show logging threshold errors last 10 hours` answered in an unknown shape', {
      last_number_time_units: 10,
      time_unit: 'hours',
    }),
  ]),
  ...rowsOf(
    'VerifyLoggingEntries',
    { command: 'show logging 5 informational', inputs: { logging_entries: [login5] } },
    [
      passes('found', [login]),
      passes('the start of any line', [closed + login], {
        logging_entries: [{ regex_match: '(?:^|\\n)May .*LOGIN', last_number_messages: 5 }],
      }),
      passes('what should not be there is not', [closed], { logging_entries: [{ ...login5, fail_on_match: true }] }),
      fails(
        'each entry by itself, each pattern by itself',
        [closed, closed, login],
        [
          'Pattern: `%AAA-5-LOGIN` - Not found in last 5 informational log entries',
          'Pattern: `%OSPF` - Not found in last 7 alerts log entries',
          'Unexpected Pattern: `%AAA-\\d` - Found in last last 3 hours informational log entries',
        ],
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
      errs('a pattern that takes for ever', [`${'a'.repeat(40)}!`], 'Pattern `^(a+)+$` takes too long to match', {
        logging_entries: [{ regex_match: '^(a+)+$', last_number_messages: 5, fail_on_match: true }],
      }),
      errs(
        'no pattern',
        [],
        'the check `VerifyLoggingEntries` does not accept its inputs at logging_entries.0.regex_match: expected a regular expression, such as ^Ethernet',
        { logging_entries: [{ regex_match: '(' }] },
      ),
      fails('empty', [''], ['Pattern: `%AAA-5-LOGIN` - Not found in last 5 informational log entries']),
    ],
  ),
]
