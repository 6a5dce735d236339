import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const snapshotCommands: readonly Command[] = [
  {
    usage: 'snapshot take [name]',
    summary: 'read configuration and operational state of switches, and keep them in the store',
    example: 'eosflow snapshot take before-migration -t role:leaf',
    options: [target],
    load: () => import('../command/snapshot-take.ts'),
  },
  {
    usage: 'snapshot list',
    summary: 'list the snapshots in the store',
    example: 'eosflow snapshot list',
    load: () => import('../command/snapshot-list.ts'),
  },
  {
    usage: 'snapshot show <name>',
    summary: 'show one snapshot: configurations without secrets, and state',
    example: 'eosflow snapshot show before-migration -t leaf1',
    options: [target],
    load: () => import('../command/snapshot-show.ts'),
  },
  {
    usage: 'snapshot diff <a> [b]',
    summary: 'show how switches have changed between two snapshots, or since one: configuration and state',
    example: 'eosflow snapshot diff before-migration',
    options: [
      target,
      { flags: '--detailed-exitcode', description: 'exit 2 when something differs' },
      { flags: '--markdown', description: 'print it for a ticket' },
      { flags: '--html <file>', description: 'write it as an HTML page; - prints the page' },
    ],
    load: () => import('../command/snapshot-diff.ts'),
  },
]
