import type { Command } from '../option/command.ts'

const storeCommands: readonly Command[] = [
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

export const keyCommands: readonly Command[] = [
  {
    usage: 'key list',
    summary: 'list the keys of this installation: what each is for, where it is kept, and its public half',
    example: 'eosflow key list',
    load: () => import('../command/key-list.ts'),
  },
  {
    usage: 'key show <key>',
    summary:
      'print the public half of a key (plan, server, checkpoint), for the machines that verify with it; make the key if there is none',
    example: 'eosflow key show plan >> trust/allowed_signers',
    load: () => import('../command/key-show.ts'),
  },
  {
    usage: 'key rotate <key>',
    summary:
      'replace a key (plan, server, checkpoint, install); checkpoints of the old key stay valid, its plans and decisions do not',
    example: 'eosflow key rotate plan --reason "the laptop of ann was lost"',
    options: [{ flags: '--reason <text>', description: 'why; it goes on record' }],
    load: () => import('../command/key-rotate.ts'),
  },
  {
    usage: 'trust add <name> <key.pub>',
    summary: "have this project trust a person's SSH key: with it they approve plans; run the policy's tests with it",
    example: 'eosflow trust add bob bob.pub',
    options: [
      {
        flags: '--login <user>',
        description:
          'the local user who is this person, as eosflow whoami prints it, or me; default: you, if the private key lies beside',
      },
    ],
    load: () => import('../command/trust-add.ts'),
  },
  {
    usage: 'trust project [dir]',
    summary: 'use a project although another user, or a group, can change its files; for you alone, on this machine',
    example: 'eosflow trust project /srv/network',
    options: [{ flags: '--remove', description: 'trust it no longer' }],
    load: () => import('../command/trust-project.ts'),
  },
  ...storeCommands,
]
