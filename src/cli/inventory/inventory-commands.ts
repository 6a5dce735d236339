import { target } from '../change-options.ts'
import type { Command } from '../command.ts'

/** The commands that show which switches there are, and where that is written. */
export const inventoryCommands: readonly Command[] = [
  {
    usage: 'inventory list',
    summary: 'list the switches of the inventory and its sources, with address, tags and groups',
    example: 'eosflow inventory list -t role:leaf',
    options: [
      target,
      { flags: '--csv', description: 'print the list for a spreadsheet' },
      { flags: '--ansible', description: 'print the list as `ansible-inventory --list` does, without logins' },
    ],
    load: () => import('../command/inventory-list.ts'),
  },
  {
    usage: 'inventory show <switch>',
    summary: 'show one switch with its groups and variables; secrets are not shown',
    example: 'eosflow inventory show leaf1 --origin',
    options: [{ flags: '--origin', description: 'also show where each variable is written, and what it overrides' }],
    load: () => import('../command/inventory-show.ts'),
  },
  {
    usage: 'inventory graph',
    summary: 'show the groups of the inventory as a tree, with their switches',
    example: 'eosflow inventory graph',
    load: () => import('../command/inventory-graph.ts'),
  },
]
