import { type CommandTable, target } from '../option/command.ts'

export const readingCommands: CommandTable = {
  'snapshot take [name]': {
    summary: 'read configuration and operational state of switches, and keep them in the store',
    example: 'eosflow snapshot take before-migration -t role:leaf',
    options: target,
    load: () => import('../command/snapshot-take.ts'),
  },
  'snapshot list': {
    summary: 'list the snapshots in the store',
    example: 'eosflow snapshot list',
    load: () => import('../command/snapshot-list.ts'),
  },
  'snapshot show <name>': {
    summary: 'show one snapshot: configurations without secrets, and state',
    example: 'eosflow snapshot show before-migration -t leaf1',
    options: target,
    load: () => import('../command/snapshot-show.ts'),
  },
  'snapshot diff <a> [b]': {
    summary: 'show how switches have changed between two snapshots, or since one: configuration and state',
    example: 'eosflow snapshot diff before-migration',
    options: {
      ...target,
      '--detailed-exitcode': 'exit 2 when something differs',
      '--markdown': 'print it for a ticket',
      '--html <file>': 'write it as an HTML page; - prints the page',
    },
    load: () => import('../command/snapshot-diff.ts'),
  },
  'check run [catalog]': {
    summary: 'run the checks of a catalog (in ANTA form, or a list of checks) on switches; reads only, changes nothing',
    example: 'eosflow check run catalog.yaml -t role:leaf --junit checks.xml',
    options: {
      ...target,
      '--tags <tags>': 'only checks of the catalog with one of these tags: leaf,spine',
      '--only <check>': { each: 'only this check of the catalog (repeatable)' },
      '--within <time>': 'ask again until all checks pass, for at most this long: 3m',
      '--since <snapshot>': 'a snapshot, for checks that compare with an earlier state',
      '--by <what>': 'group the results by device (default) or by check',
      '--hide <status>': {
        each: 'count results with this status without listing them: success, skipped, … (repeatable)',
      },
      '--markdown': 'print the results for a pull request',
      '--csv <file>': 'write the results for a spreadsheet',
      '--junit <file>': 'write the results for a CI system',
    },
    load: () => import('../command/check-run.ts'),
  },
  'check invariants': {
    summary: 'judge what switches run now by the invariants of the project; reads only, changes nothing',
    example: 'eosflow check invariants -t role:leaf',
    options: target,
    load: () => import('../command/check-invariants.ts'),
  },
  'check list [word]': {
    summary: 'list all checks, or those whose name, module or description holds a word',
    example: 'eosflow check list mlag',
    options: { '--markdown': 'print the list as a page' },
    load: () => import('../command/check-list.ts'),
  },
  'check show <name>': {
    summary: 'show one check: what it verifies, its inputs, the commands that it sends, an example',
    example: 'eosflow check show VerifyMlagStatus',
    load: () => import('../command/check-show.ts'),
  },
  'check try <name>': {
    summary: 'run one check on saved answers of a switch; without answers: print which commands to save',
    example: 'eosflow check try VerifyMlagStatus --output show-mlag.json',
    options: {
      '--inputs <inputs>': 'the inputs of the check: a YAML or JSON file, or JSON text',
      '--output <file>': {
        each: 'a file with the answer of the switch; one per command, in the order of the commands (repeatable)',
      },
    },
    load: () => import('../command/check-try.ts'),
  },
  record: {
    summary: 'read switches and write a fabric folder for the simulator; secrets are replaced by invented ones',
    example: 'eosflow record -t role:leaf -o fabrics/recorded',
    options: {
      ...target,
      '-o, --out <dir>': 'the folder to write: a new one, or an empty one',
      '--command <command>': { each: 'a show command to record in addition to those that checks send (repeatable)' },
      '--anonymize': 'also replace names, addresses, serial numbers and descriptions',
    },
    load: () => import('../command/record.ts'),
  },
}
