import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

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
    usage: 'inventory check',
    summary: 'compare the serial number and the model of each switch with what the inventory says; changes nothing',
    example: 'eosflow inventory check -t site:dc1',
    options: [
      target,
      { flags: '--serial <variable>', description: 'the variable that has the serial number; default serial' },
      { flags: '--model <variable>', description: 'the variable that has the model; default device_type.model' },
    ],
    load: () => import('../command/inventory-check.ts'),
  },
  {
    usage: 'inventory graph',
    summary: 'show the groups of the inventory as a tree, with their switches',
    example: 'eosflow inventory graph',
    load: () => import('../command/inventory-graph.ts'),
  },
  {
    usage: 'inventory refresh',
    summary: 'ask the services and programs that the inventory is read from, and keep what they give',
    example: 'eosflow inventory refresh',
    load: () => import('../command/inventory-refresh.ts'),
  },
  {
    usage: 'inventory read <kind> <path...>',
    summary: 'print an inventory of another tool as `ansible-inventory --list` does; needs no project',
    example: 'eosflow inventory read ansible inventory/hosts.yml',
    options: [
      {
        flags: '--vault-password-file <file>',
        description: 'a file with a password of ansible-vault, or ID@FILE',
        repeat: true,
      },
      { flags: '--rendered', description: 'render the templates in values; what was encrypted is shown as <secret>' },
      { flags: '--limit <pattern>', description: 'only the hosts that a pattern of Ansible means' },
    ],
    load: () => import('../command/inventory-read.ts'),
  },
]
