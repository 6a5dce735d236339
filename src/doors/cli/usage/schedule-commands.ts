import type { Command } from '../option/command.ts'

export const scheduleCommands: readonly Command[] = [
  {
    usage: 'schedule list',
    summary: 'list the schedules: when each is due next, and what became of its last instant',
    example: 'eosflow schedule list --ics',
    options: [
      {
        flags: '--ics',
        description: 'as a calendar: windows and freezes of the policy and when each is due, 8 weeks ahead',
      },
    ],
    load: () => import('../command/schedule-list.ts'),
  },
  {
    usage: 'schedule run [name]',
    summary: 'do what is due and end, for cron and CI where no server runs; with a name: start that schedule now',
    example: 'eosflow schedule run',
    load: () => import('../command/schedule-run.ts'),
  },
  {
    usage: 'schedule end <name>',
    summary: 'look no more after a change: end the watch that `after:` keeps, by its name or its execution',
    example: 'eosflow schedule end after:01K3ZQ --reason "VLAN 140 was moved by hand"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('../command/schedule-end.ts'),
  },
]
