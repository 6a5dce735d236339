import type { Command } from '../option/command.ts'

/** The commands of published bundles. */
export const bundleCommands: readonly Command[] = [
  {
    usage: 'publish [workflow...]',
    summary: 'publish the files of the project for workers: workflows, policy, inventory, trusted keys',
    example: 'eosflow publish -m "CHG-4711: the new leaf pair"',
    options: [{ flags: '-m, --reason <text>', description: 'why; it is on record' }],
    load: () => import('../command/publish.ts'),
  },
  {
    usage: 'bundle list',
    summary: 'list what was published, newest first; the first is in force',
    example: 'eosflow bundle list',
    load: () => import('../command/bundle-list.ts'),
  },
  {
    usage: 'bundle show [bundle]',
    summary: 'show the files of a bundle, each compared with its digest; default: the newest',
    example: 'eosflow bundle show 3fb1c0de',
    load: () => import('../command/bundle-show.ts'),
  },
  {
    usage: 'bundle diff [from] [to]',
    summary: 'show which files differ between two bundles, or between the newest and the folder',
    example: 'eosflow bundle diff',
    load: () => import('../command/bundle-diff.ts'),
  },
]
