import { restored } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const stopCommands: readonly Command[] = [
  {
    usage: 'stop [execution]',
    summary: 'end an execution at its next safe point; every touched switch is put back and read back',
    example: 'eosflow stop @latest --reason "wrong window"',
    options: [
      { flags: '--all', description: 'stop every open execution of the store; the exit code is the gravest of theirs' },
      { flags: '--reason <text>', description: 'why; it is on record' },
      restored,
    ],
    load: () => import('../command/stop.ts'),
  },
  {
    usage: 'suspend <execution>',
    summary: 'pause an execution at its next safe point; nothing is undone, and `resume` goes on with it',
    example: 'eosflow suspend @latest --reason "shift ends"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('../command/suspend.ts'),
  },
  {
    usage: 'freeze',
    summary: 'let no new change begin for a time; what runs goes on to its end',
    example: 'eosflow freeze --reason "INC-4711: core is unstable" --for 4h',
    options: [
      { flags: '--reason <text>', description: 'why; it is on record' },
      { flags: '--for <duration>', description: 'for how long: 30m, 4h, at most 7d (default: 8h)' },
      { flags: '--until <time>', description: 'until when instead, ISO 8601 with its zone' },
    ],
    load: () => import('../command/freeze.ts'),
  },
  {
    usage: 'unfreeze [number]',
    summary: 'end a freeze before its time; the freezes of the policy stay',
    example: 'eosflow unfreeze --reason "INC-4711 is solved"',
    options: [
      { flags: '--reason <text>', description: 'why; it is on record' },
      { flags: '--all', description: 'end every freeze that is in force' },
    ],
    load: () => import('../command/unfreeze.ts'),
  },
]
