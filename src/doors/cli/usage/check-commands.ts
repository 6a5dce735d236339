import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const checkCommands: readonly Command[] = [
  {
    usage: 'check run [catalog]',
    summary: 'run the checks of a catalog (in ANTA form, or a list of checks) on switches; reads only, changes nothing',
    example: 'eosflow check run catalog.yaml -t role:leaf --junit checks.xml',
    options: [
      target,
      { flags: '--tags <tags>', description: 'only checks of the catalog with one of these tags: leaf,spine' },
      { flags: '--only <check>', description: 'only this check of the catalog (repeatable)', repeat: true },
      { flags: '--within <time>', description: 'ask again until all checks pass, for at most this long: 3m' },
      { flags: '--since <snapshot>', description: 'a snapshot, for checks that compare with an earlier state' },
      { flags: '--by <what>', description: 'group the results by device (default) or by check' },
      {
        flags: '--hide <status>',
        description: 'count results with this status without listing them: success, skipped, … (repeatable)',
        repeat: true,
      },
      { flags: '--markdown', description: 'print the results for a pull request' },
      { flags: '--csv <file>', description: 'write the results for a spreadsheet' },
      { flags: '--junit <file>', description: 'write the results for a CI system' },
    ],
    load: () => import('../command/check-run.ts'),
  },
  {
    usage: 'check invariants',
    summary: 'judge what switches run now by the invariants of the project; reads only, changes nothing',
    example: 'eosflow check invariants -t role:leaf',
    options: [target],
    load: () => import('../command/check-invariants.ts'),
  },
  {
    usage: 'check list [word]',
    summary: 'list all checks, or those whose name, module or description holds a word',
    example: 'eosflow check list mlag',
    options: [{ flags: '--markdown', description: 'print the list as a page' }],
    load: () => import('../command/check-list.ts'),
  },
  {
    usage: 'check show <name>',
    summary: 'show one check: what it verifies, its inputs, the commands that it sends, an example',
    example: 'eosflow check show VerifyMlagStatus',
    load: () => import('../command/check-show.ts'),
  },
  {
    usage: 'check try <name>',
    summary: 'run one check on saved answers of a switch; without answers: print which commands to save',
    example: 'eosflow check try VerifyMlagStatus --output show-mlag.json',
    options: [
      { flags: '--inputs <inputs>', description: 'the inputs of the check: a YAML or JSON file, or JSON text' },
      {
        flags: '--output <file>',
        description: 'a file with the answer of the switch; one per command, in the order of the commands (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('../command/check-try.ts'),
  },
]
