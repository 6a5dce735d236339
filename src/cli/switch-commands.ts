import { target } from './change-options.ts'
import type { Command } from './command.ts'

/** The commands that clean up what executions have left on switches. */
export const switchCommands: readonly Command[] = [
  {
    usage: 'sessions list',
    summary: 'the config sessions on the switches: state, whose they are, how old, and time left of a commit timer',
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
        description: 'also those of other eosflow stores; make sure that none of their executions runs',
      },
    ],
    load: () => import('./command/sessions-gc.ts'),
  },
  {
    usage: 'release-device <name>',
    summary: 'let other changes at a switch at once that they are kept from because a process died on it',
    example: 'eosflow release-device leaf1 --reason "the machine is gone, nothing is on its way"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('./command/release-device.ts'),
  },
]
