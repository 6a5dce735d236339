import { target } from '../change-options.ts'
import type { Command } from '../command.ts'

/** The commands that verify and nothing else, and the catalogue of checks. */
export const checkCommands: readonly Command[] = [
  {
    usage: 'check run [catalog]',
    summary: 'verify switches by a catalog, as ANTA writes it or as a list of checks: reads only, changes nothing',
    example: 'eosflow check run catalog.yaml -t role:leaf --junit checks.xml',
    options: [
      target,
      { flags: '--tags <tags>', description: 'only checks of the catalog that carry one of these tags: leaf,spine' },
      { flags: '--only <check>', description: 'only this check of the catalog (repeatable)', repeat: true },
      { flags: '--within <time>', description: 'ask again until all is good, for at most this long: 3m' },
      { flags: '--since <snapshot>', description: 'the state before, for checks that compare with it' },
      { flags: '--by <what>', description: 'group the results by device (default) or by check' },
      {
        flags: '--hide <status>',
        description: 'count these without listing them: success, skipped, … (repeatable)',
        repeat: true,
      },
      { flags: '--markdown', description: 'print the results for a pull request' },
      { flags: '--csv <file>', description: 'write the results for a spreadsheet' },
      { flags: '--junit <file>', description: 'write the results for a CI system' },
    ],
    load: () => import('../command/check-run.ts'),
  },
  {
    usage: 'check list [word]',
    summary: 'the catalogue: every check, or those whose name, module or description holds a word',
    example: 'eosflow check list mlag',
    options: [{ flags: '--markdown', description: 'print it as a page' }],
    load: () => import('../command/check-list.ts'),
  },
  {
    usage: 'check show <name>',
    summary: 'one check: what it verifies, its inputs, the commands it asks, an example',
    example: 'eosflow check show VerifyMlagStatus',
    load: () => import('../command/check-show.ts'),
  },
  {
    usage: 'check try <name>',
    summary: 'judge saved answers of a switch by one check; without answers, which commands to save',
    example: 'eosflow check try VerifyMlagStatus --output show-mlag.json',
    options: [
      { flags: '--inputs <inputs>', description: 'its inputs: a YAML or JSON file, or JSON as it is' },
      {
        flags: '--output <file>',
        description: 'what the switch answered, one file per command, in order',
        repeat: true,
      },
    ],
    load: () => import('../command/check-try.ts'),
  },
]
