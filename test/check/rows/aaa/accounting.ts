import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const asked = {
  command: 'show aaa methods accounting',
  inputs: { methods: ['tacacs+', 'logging'], types: ['exec', 'system'] },
}

const used = ['group tacacs+', 'logging']

const silent = { defaultMethods: [], consoleMethods: [] }

/** What the checks of accounting must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyAcctDefaultMethods', asked, [
    passes('sessions of the console do not count', [
      {
        execAcctMethods: { exec: { defaultMethods: used, consoleMethods: ['logging'] } },
        systemAcctMethods: { system: { defaultMethods: used } },
      },
    ]),
    fails(
      'one differs, one is not configured',
      [{ systemAcctMethods: { system: silent }, execAcctMethods: { exec: { defaultMethods: ['logging'] } } }],
      [
        'AAA default accounting is not configured for system',
        'AAA accounting default methods group tacacs+, logging are not matching for exec',
      ],
    ),
    errs(
      'a type that accounting does not have',
      [],
      'the check `VerifyAcctDefaultMethods` does not accept its inputs at types.0: Invalid option: expected one of "commands"|"exec"|"system"|"dot1x"',
      { methods: ['logging'], types: ['login'] },
    ),
    fails('empty', [{}], ['AAA default accounting is not configured for exec, system']),
  ]),
  ...rowsOf('VerifyAcctConsoleMethods', asked, [
    passes('all other sessions do not count', [
      {
        execAcctMethods: { exec: { defaultMethods: [], consoleMethods: used } },
        systemAcctMethods: { system: { consoleMethods: used } },
      },
    ]),
    fails(
      'both differ',
      [
        {
          execAcctMethods: { exec: { consoleMethods: ['logging', 'group tacacs+'] } },
          systemAcctMethods: { system: { consoleMethods: ['logging'] } },
        },
      ],
      ['AAA accounting console methods group tacacs+, logging are not matching for exec, system'],
    ),
    fails(
      'only default methods',
      [
        {
          execAcctMethods: { exec: { defaultMethods: used, consoleMethods: [] } },
          systemAcctMethods: { system: { defaultMethods: used } },
        },
      ],
      ['AAA console accounting is not configured for exec, system'],
    ),
    fails('empty', [{}], ['AAA console accounting is not configured for exec, system']),
  ]),
]
