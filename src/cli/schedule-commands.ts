import type { Command } from './command.ts'

/** The commands of schedules. */
export const scheduleCommands: readonly Command[] = [
  {
    usage: 'schedule list',
    summary: 'list the schedules: when each is due next, and what became of its last instant',
    example: 'eosflow schedule list',
    load: () => import('./command/schedule-list.ts'),
  },
  {
    usage: 'schedule run [name]',
    summary: 'do what is due and end, for cron and CI where no server runs; with a name: start that schedule now',
    example: 'eosflow schedule run',
    load: () => import('./command/schedule-run.ts'),
  },
]
