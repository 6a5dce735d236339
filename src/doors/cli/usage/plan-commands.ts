import { changeOptions, details, maxBytes, skipUnreachable, target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const planCommands: readonly Command[] = [
  {
    usage: 'plan [workflow]',
    summary: 'dry run: show the exact diff of each switch, computed by the switch; nothing is changed',
    example: 'eosflow plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE -o vlan140.plan',
    options: [
      ...changeOptions,
      target,
      skipUnreachable,
      { flags: '-o, --out <file>', description: 'save the plan in a file, to approve and run it later' },
      {
        flags: '--offline [source]',
        description: 'compute the plan without a switch, from a fabric folder or a snapshot',
      },
      {
        flags: '--changed <range>',
        description: 'plan every change file that these commits add or edit; -o is a folder then',
      },
      { flags: '--netbox-branch <name>', description: 'read the NetBox of the inventory from this branch of it' },
      details,
      { flags: '--markdown', description: 'print the plan for a pull request' },
      maxBytes,
      { flags: '--detailed-exitcode', description: 'exit 2 when the plan has changes' },
    ],
    load: () => import('../command/plan.ts'),
  },
  {
    usage: 'plan queue',
    summary:
      'show the approved plans and the open changes in order, for each switch, and which are in conflict; no switch is asked',
    example: 'eosflow plan queue -t leaf1',
    options: [{ ...target, description: 'only the plans that change these switches: named as for plan' }],
    load: () => import('../command/plan-queue.ts'),
  },
]
