import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const asked = {
  command: 'show aaa methods accounting',
  inputs: { methods: ['tacacs+', 'logging'], types: ['exec', 'system'] },
}

const used = ['group tacacs+', 'logging']

const silent = { defaultMethods: [], consoleMethods: [] }

const byDefault = (defaultMethods: readonly string[], consoleMethods: readonly string[] = []) => ({
  defaultAction: 'startStop',
  defaultMethods: [...defaultMethods],
  consoleMethods: [...consoleMethods],
})

const onConsole = (consoleMethods: readonly string[]) => ({
  consoleAction: 'startStop',
  defaultMethods: [],
  consoleMethods: [...consoleMethods],
})

/** What the checks of accounting must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyAcctDefaultMethods', asked, [
    passes('sessions of the console do not count', [
      {
        execAcctMethods: { exec: byDefault(used, ['logging']) },
        systemAcctMethods: { system: byDefault(used) },
      },
    ]),
    fails(
      'one differs, one is not configured',
      [{ systemAcctMethods: { system: silent }, execAcctMethods: { exec: byDefault(['logging']) } }],
      ['AAA default accounting is not configured for system'],
    ),
    fails(
      'one differs',
      [{ systemAcctMethods: { system: byDefault(used) }, execAcctMethods: { exec: byDefault(['logging']) } }],
      ['AAA accounting default methods group tacacs+, logging are not matching for exec'],
    ),
    errs(
      'a type that accounting does not have',
      [],
      'the check `VerifyAcctDefaultMethods` does not accept its inputs at types.0: Invalid option: expected one of "commands"|"exec"|"system"|"dot1x"',
      { methods: ['logging'], types: ['login'] },
    ),
    errs('empty', [{}], '`show aaa methods accounting` does not tell execAcctMethods'),
  ]),
  ...rowsOf('VerifyAcctConsoleMethods', asked, [
    passes('all other sessions do not count', [
      {
        execAcctMethods: { exec: onConsole(used) },
        systemAcctMethods: { system: onConsole(used) },
      },
    ]),
    fails(
      'both differ',
      [
        {
          execAcctMethods: { exec: onConsole(['logging', 'group tacacs+']) },
          systemAcctMethods: { system: onConsole(['logging']) },
        },
      ],
      ['AAA accounting console methods group tacacs+, logging are not matching for exec, system'],
    ),
    fails(
      'only default methods',
      [
        {
          execAcctMethods: { exec: byDefault(used) },
          systemAcctMethods: { system: byDefault(used) },
        },
      ],
      ['AAA console accounting is not configured for exec, system'],
    ),
    errs('empty', [{}], '`show aaa methods accounting` does not tell execAcctMethods'),
  ]),
]
