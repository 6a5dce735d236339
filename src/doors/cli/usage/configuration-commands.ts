import { asking, noWait, target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const configurationCommands: readonly Command[] = [
  {
    usage: 'comply [workflow]',
    summary:
      'compare what switches run with what is intended for them, computed by the switches, section by section; commits nothing',
    example: 'eosflow comply -f intended -t role:leaf --junit comply.xml',
    options: [
      target,
      {
        flags: '-f, --files <dir>',
        description:
          'a folder of the project with NAME.cfg for each switch; without it and without a workflow: what was confirmed last',
      },
      {
        flags: '--offline [source]',
        description:
          'ask no switch: the model of eosflow compares what a folder of backups, a fabric folder or a snapshot has',
      },
      { flags: '--markdown', description: 'print what was found for a pull request' },
      { flags: '--csv <file>', description: 'write what was found for a spreadsheet' },
      { flags: '--junit <file>', description: 'write what was found for a CI system' },
      { flags: '--detailed-exitcode', description: 'exit 2 when a switch differs' },
    ],
    load: () => import('../command/comply.ts'),
  },
  {
    usage: 'config backup <folder>',
    summary:
      'keep the configurations of switches in a folder, a file for each, also in a Git work tree; changes no switch',
    example: 'eosflow config backup backups --commit --push',
    options: [
      target,
      {
        flags: '--after-change <execution>',
        description: 'only the switches that this execution has changed, or @latest',
      },
      { flags: '--secrets <form>', description: 'redact (the default), age (encrypted, with --recipient) or keep' },
      {
        flags: '--recipient <key>',
        description: 'of --secrets age: a public key of age; may be repeated',
        repeat: true,
      },
      { flags: '--commit', description: 'commit what has changed; nothing where nothing has' },
      { flags: '--push', description: 'commit, and push the branch to its remote' },
    ],
    load: () => import('../command/config-backup.ts'),
  },
  {
    usage: 'config restore <folder>',
    summary: 'make switches run what a backup has: plan it, and make it like any other change',
    example: 'eosflow config restore vault -t leaf3 --identity key.txt',
    options: [
      target,
      noWait,
      { flags: '--identity <file>', description: 'of encrypted backups: a file of identities of age' },
      {
        flags: '--approve <digest>',
        description: 'your own approval, given with the command: run the plan only if it has this digest',
      },
      ...asking,
    ],
    load: () => import('../command/config-restore.ts'),
  },
]
