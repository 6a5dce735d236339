import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const good = { methods: ['group radius', 'local'] }
const bad = { methods: ['local'] }

/** What the checks of authentication and authorization must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyAuthenMethods',
    { command: 'show aaa methods authentication', inputs: { methods: ['radius', 'local'], types: ['login', 'dot1x'] } },
    [
      passes('older EOS calls the list of the console login', [
        { loginAuthenMethods: { default: good, login: good }, dot1xAuthenMethods: { default: good } },
      ]),
      passes(
        'types that nobody asks for',
        [{ loginAuthenMethods: { default: bad }, enableAuthenMethods: { default: good } }],
        {
          methods: ['group radius', 'local'],
          types: ['enable'],
        },
      ),
      fails(
        'the console differs',
        [{ loginAuthenMethods: { default: good, console: bad }, dot1xAuthenMethods: { default: good } }],
        ['AAA authentication methods group radius, local are not matching for login console'],
      ),
      fails(
        'all differ, two lists of one type',
        [{ dot1xAuthenMethods: { default: bad, guests: bad }, loginAuthenMethods: { default: bad, console: bad } }],
        [
          'AAA authentication methods group radius, local are not matching for login console',
          'AAA authentication methods group radius, local are not matching for dot1x',
        ],
      ),
      fails(
        'the same methods in another order',
        [{ enableAuthenMethods: { default: { methods: ['local', 'group radius'] } } }],
        ['AAA authentication methods group radius, local are not matching for enable'],
        { methods: ['radius', 'local'], types: ['enable'] },
      ),
      fails(
        'no console, and a type that is not there',
        [{ loginAuthenMethods: { default: bad } }],
        ['AAA authentication methods are not configured for login console'],
      ),
      errs('empty', [{}], '`show aaa methods authentication` does not tell loginAuthenMethods'),
    ],
  ),
  ...rowsOf(
    'VerifyAuthzMethods',
    {
      command: 'show aaa methods authorization',
      inputs: { methods: ['radius', 'local'], types: ['commands', 'exec'] },
    },
    [
      passes('both types', [
        { commandsAuthzMethods: { 'privilege0-15': good }, execAuthzMethods: { exec: good }, serialConsole: {} },
      ]),
      fails(
        'both differ',
        [{ commandsAuthzMethods: { 'privilege0-15': bad, privilege1: good }, execAuthzMethods: { exec: bad } }],
        ['AAA authorization methods group radius, local are not matching for commands, exec'],
      ),
      errs(
        'one tells no methods',
        [{ commandsAuthzMethods: { 'privilege0-15': good }, execAuthzMethods: { exec: {} } }],
        '`show aaa methods authorization` does not tell execAuthzMethods.exec.methods',
      ),
      fails(
        'one differs, one is not there',
        [{ execAuthzMethods: { exec: bad } }],
        ['AAA authorization methods group radius, local are not matching for exec'],
      ),
      errs('empty', [{}], '`show aaa methods authorization` does not tell commandsAuthzMethods'),
    ],
  ),
]
