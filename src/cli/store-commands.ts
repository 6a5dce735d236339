import type { Command } from './command.ts'

/** The commands of the store. */
export const storeCommands: readonly Command[] = [
  {
    usage: 'store id',
    summary: 'the id of this store: approvals are for one store, and are used once there',
    example: 'eosflow store id',
    load: () => import('./command/store-id.ts'),
  },
  {
    usage: 'store backup <file>',
    summary: 'copy the store into a file while others use it, and verify the copy',
    example: 'eosflow store backup /mnt/backup/store-2026-01-05.db',
    load: () => import('./command/store-backup.ts'),
  },
]
