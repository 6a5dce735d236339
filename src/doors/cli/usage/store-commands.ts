import type { Command } from '../option/command.ts'

/** The commands of the store. */
export const storeCommands: readonly Command[] = [
  {
    usage: 'store id',
    summary: 'print the id of this store: an approval is for one store and is used there once',
    example: 'eosflow store id',
    load: () => import('../command/store-id.ts'),
  },
  {
    usage: 'store backup <file>',
    summary: 'copy the store into a file while others use it, and verify the copy',
    example: 'eosflow store backup /mnt/backup/store-2026-01-05.db',
    load: () => import('../command/store-backup.ts'),
  },
  {
    usage: 'store restore <file>',
    summary: 'put a backup into the place of the store, and say what is lost since it was made',
    example: 'eosflow store restore /mnt/backup/store-2026-01-05.db --reason "the disk broke"',
    options: [
      { flags: '--reason <text>', description: 'why; it is on record' },
      { flags: '--set-aside', description: 'keep the store that is there beside its place, under another name' },
      {
        flags: '--anchors <path>',
        description: 'checkpoints from outside that tell how much is lost: a file, or a folder of files (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('../command/store-restore.ts'),
  },
  {
    usage: 'store accept-loss',
    summary: 'accept what a database has lost, or that keys count again behind a restored backup',
    example: 'eosflow store accept-loss --scanned 5f0c11d2 --reason "the disks of both servers broke"',
    options: [
      { flags: '--scanned <code>', description: 'what eosflow recover --scan has said at its end' },
      { flags: '--reason <text>', description: 'why; it is on record' },
    ],
    load: () => import('../command/store-accept-loss.ts'),
  },
  {
    usage: 'store seal',
    summary: 'take old records out of the store into a segment beside it, and keep what rules ask for',
    example: 'eosflow store seal --before 2025-07-01 --reason "half a year is enough"',
    options: [
      {
        flags: '--before <time>',
        description: 'records from before this date or time: 2025-07-01, 2025-07-01T06:00:00Z',
      },
      {
        flags: '--keep <count>',
        description: 'all records but those from the newest executions on: how many of them stay',
      },
      { flags: '--reason <text>', description: 'why; it is on record' },
    ],
    load: () => import('../command/store-seal.ts'),
  },
  {
    usage: 'store move <file> <address>',
    summary:
      'move the store from a file (. is the one of the project) into a database without records, where one is made if there is none; the file is closed for good',
    example: 'eosflow store move . postgres://eosflow@localhost/eosflow --reason "more than one machine"',
    options: [
      { flags: '--reason <text>', description: 'why; it is on record' },
      {
        flags: '--anchors <path>',
        description:
          'checkpoints from outside that the record is held against: a file, or a folder of files (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('../command/store-move.ts'),
  },
  {
    usage: 'store init [address]',
    summary: 'make a store in a PostgreSQL database: that of the settings, or another one; --new: where one is lost',
    example: "eosflow store init 'postgres://eosflow@db1/eosflow?sslmode=verify-full&sslrootcert=db-ca.pem'",
    options: [
      {
        flags: '--new',
        description: 'begin a new store in the place of one that is lost; it knows nothing of that one',
      },
      { flags: '--reason <text>', description: 'why a new one is begun; it is on record' },
    ],
    load: () => import('../command/store-init.ts'),
  },
  {
    usage: 'store check [address]',
    summary:
      'judge the PostgreSQL server of the store: durability, replication, version, clock, layout; changes nothing',
    example: 'eosflow store check',
    load: () => import('../command/store-check.ts'),
  },
  {
    usage: 'store migrate [address]',
    summary: 'bring the store in a PostgreSQL database up to the layout of this version',
    example: 'eosflow store migrate',
    load: () => import('../command/store-migrate.ts'),
  },
]
