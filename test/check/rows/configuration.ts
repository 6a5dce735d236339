import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const config: Json = {
  cmds: {
    'ip routing': null,
    'snmp-server community vault7 ro': null,
    'banner motd\nAuthorised use only.\nEOF': null,
    'interface Ethernet1': { cmds: { 'description to spine1': null, 'mtu 9214': null } },
    'interface Ethernet2': { cmds: { 'mtu 1500': null } },
    'interface Loopback0': null,
    'router bgp 65001': {
      cmds: {
        'maximum-paths 8 ecmp 16': null,
        'vrf BLUE': { cmds: { 'router-id 192.0.2.1': null } },
        'vrf RED': { cmds: {} },
      },
    },
  },
}

const rules = (...list: readonly JsonObject[]): JsonObject => ({ rules: [...list] })
const entry = (given: JsonObject): JsonObject => rules({ entries: [given] })

const unreadable = (name: string, inputs: JsonObject, message: string) =>
  errs(name, [], `the check \`VerifyRunningConfig\` does not accept its inputs at rules.0.${message}`, inputs)

/** What the checks of `configuration` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyZeroTouch', { command: 'show zerotouch' }, [
    passes('disabled', [{ mode: 'disabled' }]),
    fails('enabled', [{ mode: 'enabled' }], ['ZTP is NOT disabled']),
    errs('empty', [{}], '`show zerotouch` answered in an unknown shape at mode'),
  ]),
  ...rowsOf('VerifyRunningConfigDiffs', { command: 'show running-config diffs' }, [
    passes('no difference', ['']),
    fails('an empty line', ['\n'], ['\n']),
    fails(
      'a difference',
      [{ output: '+++ system:/running-config\n+no ip routing\n' }],
      ['+++ system:/running-config\n+no ip routing\n'],
    ),
    {
      ...passes('empty', ['']),
      emptyIsGood: 'EOS prints nothing where running-config and startup-config are the same',
    },
    errs('no text', [{}], '`show running-config diffs` answered in an unknown shape'),
  ]),
  ...rowsOf(
    'VerifyRunningConfigLines',
    { command: 'show running-config', inputs: { regex_patterns: ['^ip routing$', '^ntp server', 'logging host'] } },
    [
      passes('each line by itself', ['hostname leaf1\nip routing\nntp server 192.0.2.1\nlogging host 192.0.2.2\n']),
      fails(
        'two are missing, and the end of a line is no part of it',
        ['ip routing\nno ntp server 192.0.2.1\n'],
        ["Following patterns were not found: '^ntp server', 'logging host'"],
      ),
      errs('a pattern that takes for ever', [`${'a'.repeat(40)}!`], 'Pattern `^(a+)+$` takes too long to match', {
        regex_patterns: ['^(a+)+$', 'missing'],
      }),
      fails('empty', [''], ["Following patterns were not found: '^ip routing$', '^ntp server', 'logging host'"]),
    ],
  ),
  ...rowsOf('VerifyRunningConfig', { command: 'show running-config', inputs: entry({ match: 'ip routing' }) }, [
    passes('a command of the top level', [config]),
    fails(
      'sections, patterns for sections, and a command that is no section',
      [config],
      ["Section 'interface Loopback0' in the running-config - Not found"],
      rules(
        { section: ['interface Ethernet\\d+'], entries: [{ match: 'mtu ', mode: 'contains' }] },
        {
          section: ['router bgp \\d+', 'vrf BLUE'],
          entries: [{ match: 'router-id 192\\.0\\.2\\.\\d', mode: 'regex' }],
        },
        { section: ['router bgp 65001', 'vrf RED'], entries: [] },
        { section: ['interface Loopback0'], entries: [{ match: 'shutdown', absent: true }] },
      ),
    ),
    fails(
      'what is there, what is not, and what should not be',
      [config],
      [
        "Command 'ip rout' in the running-config - Not found",
        "Clock - Substring 'ntp' in the running-config - Not found",
        "Pattern '^mtu' in the running-config - Not found",
        "Command 'ip routing' in the running-config - Expected to be absent",
        "Substring 'community' in the running-config - Expected to be absent",
        "No banner - Pattern '^banner' in the running-config - Expected to not match",
      ],
      rules({
        entries: [
          { match: 'ip rout' },
          { match: 'ntp', mode: 'contains', description: 'Clock' },
          { match: '^mtu', mode: 'regex' },
          { match: 'ip routing', absent: true },
          { match: 'community', mode: 'contains', absent: true },
          { match: '^banner', mode: 'regex', absent: true, description: 'No banner' },
        ],
      }),
    ),
    fails(
      'each section that a pattern leads to, and sections that are not there',
      [config],
      [
        "Substring 'description' in 'interface Ethernet2' - Not found",
        "Captured value of 'mtu (\\d+)' >= 9000 in 'interface Ethernet2' - Actual: 1500",
        "Substring 'router-id' in 'router bgp 65001 > vrf RED' - Not found",
        "Section 'interface Ethernet' in the running-config - Not found",
        "Section 'router bgp 65001 > vrf GREEN' in the running-config - Not found",
      ],
      rules(
        {
          section: ['interface Ethernet\\d'],
          entries: [
            { match: 'description', mode: 'contains' },
            { match: 'mtu (\\d+)', mode: 'regex', threshold: { value: 9000, operator: 'ge' } },
          ],
        },
        { section: ['router bgp .*', 'vrf .*'], entries: [{ match: 'router-id', mode: 'contains' }] },
        { section: ['interface Ethernet'], entries: [] },
        { section: ['router bgp 65001', 'vrf GREEN'], entries: [] },
      ),
    ),
    fails(
      'numbers out of bounds, none captured, and a secret that is captured',
      [config],
      [
        "Captured value of 'ecmp (\\d+)' <= 8 in 'router bgp 65001' - Actual: 16",
        "Captured value of 'maximum-paths (\\d+)' == 16 in 'router bgp 65001' - Actual: 8",
        "Captured value of 'bfd (\\d+)' == 1 in 'router bgp 65001' - Not found",
        "Captured value of 'vrf (\\S+)' == 1 in 'router bgp 65001' - Captured value 'BLUE' is not an integer",
        "Captured value of 'vrf (\\S+)' == 1 in 'router bgp 65001' - Captured value 'RED' is not an integer",
        "Captured value of 'community (\\S+)' == 1 in the running-config - Captured value '<redacted>' is not an integer",
        "Captured value of 'ip routing( x)?' == 1 in the running-config - Captured value 'None' is not an integer",
      ],
      rules(
        {
          section: ['router bgp 65001'],
          entries: [
            { match: 'ecmp (\\d+)', mode: 'regex', threshold: { value: 8, operator: 'le' } },
            { match: 'maximum-paths (\\d+)', mode: 'regex', threshold: { value: 16 } },
            { match: 'bfd (\\d+)', mode: 'regex', threshold: { value: 1 } },
            { match: 'vrf (\\S+)', mode: 'regex', threshold: { value: 1 } },
          ],
        },
        { entries: [{ match: 'community (\\S+)', mode: 'regex', threshold: { value: 1 } }] },
        { entries: [{ match: 'ip routing( x)?', mode: 'regex', threshold: { value: 1 } }] },
      ),
    ),
    errs(
      'a pattern that takes for ever is an error, whatever else is wrong',
      [{ cmds: { [`description ${'a'.repeat(40)}!`]: null } }],
      'Pattern `description (a+)+$` takes too long to match',
      rules({ entries: [{ match: 'missing' }, { match: 'description (a+)+$', mode: 'regex' }] }),
    ),
    errs(
      'so is one for a section',
      [{ cmds: { [`interface ${'a'.repeat(40)}!`]: { cmds: {} } } }],
      'Pattern `interface (a+)+` takes too long to match',
      rules({ section: ['interface (a+)+'], entries: [] }),
    ),
    unreadable('a rule about nothing', rules({ entries: [] }), 'entries: a rule without a section needs entries'),
    unreadable(
      'a threshold of no pattern',
      entry({ match: 'mtu (\\d+)', threshold: { value: 1 } }),
      'entries.0.threshold: a threshold needs `mode: regex` and a capture group in `match`',
    ),
    unreadable(
      'a threshold of nothing captured',
      entry({ match: 'mtu (?:\\d+)', mode: 'regex', threshold: { value: 1 } }),
      'entries.0.threshold: a threshold needs `mode: regex` and a capture group in `match`',
    ),
    unreadable(
      'a threshold of what is absent',
      entry({ match: 'mtu (\\d+)', mode: 'regex', absent: true, threshold: { value: 1 } }),
      'entries.0.threshold: a threshold has no meaning with `absent`',
    ),
    unreadable(
      'no pattern',
      entry({ match: 'mtu (', mode: 'regex' }),
      'entries.0.match: expected a regular expression, such as mtu (\\d+)',
    ),
    fails('empty', [{ cmds: {} }], ["Command 'ip routing' in the running-config - Not found"]),
    errs('no configuration', [{}], '`show running-config` answered in an unknown shape at cmds'),
  ]),
]
