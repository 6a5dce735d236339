import { target } from './change-options.ts'
import type { Command } from './command.ts'

/** The commands that clean up what executions have left on switches. */
export const switchCommands: readonly Command[] = [
  {
    usage: 'sessions list',
    summary: 'list the config sessions on the switches: state, owner, age, and time left on a commit timer',
    example: 'eosflow sessions list -t role:leaf',
    options: [target],
    load: () => import('./command/sessions-list.ts'),
  },
  {
    usage: 'sessions gc',
    summary: 'remove leftover config sessions of eosflow from the switches; never those of others',
    example: 'eosflow sessions gc -t role:leaf',
    options: [
      target,
      {
        flags: '--all-eosflow',
        description: 'also those of other eosflow stores; first make sure that none of their executions is running',
      },
    ],
    load: () => import('./command/sessions-gc.ts'),
  },
  {
    usage: 'release-device <name>',
    summary:
      'a process died during a change of this switch: let other executions change it now, without waiting for the rest of the time',
    example: 'eosflow release-device leaf1 --reason "the machine is switched off: nothing more can arrive from it"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('./command/release-device.ts'),
  },
]
