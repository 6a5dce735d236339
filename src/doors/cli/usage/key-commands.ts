import type { CommandTable } from '../option/command.ts'

const storeCommands: CommandTable = {
  'store id': {
    summary: 'print the id of this store: an approval is for one store and is used there once',
    example: 'eosflow store id',
    load: () => import('../command/store-id.ts'),
  },
  'store backup <file>': {
    summary: 'copy the store into a file while others use it, and verify the copy',
    example: 'eosflow store backup /mnt/backup/store-2026-01-05.db',
    load: () => import('../command/store-backup.ts'),
  },
  'store restore <file>': {
    summary: 'put a backup into the place of the store, and say what is lost since it was made',
    example: 'eosflow store restore /mnt/backup/store-2026-01-05.db --reason "the disk broke"',
    options: {
      '--reason <text>': 'why; it is on record',
      '--set-aside': 'keep the store that is there beside its place, under another name',
      '--anchors <path>': {
        each: 'checkpoints from outside that tell how much is lost: a file, or a folder of files (repeatable)',
      },
    },
    load: () => import('../command/store-restore.ts'),
  },
  'store accept-loss': {
    summary: 'accept what a database has lost, or that keys count again behind a restored backup',
    example: 'eosflow store accept-loss --scanned 5f0c11d2 --reason "the disks of both servers broke"',
    options: {
      '--scanned <code>': 'what eosflow recover --scan has said at its end',
      '--reason <text>': 'why; it is on record',
    },
    load: () => import('../command/store-accept-loss.ts'),
  },
  'store seal': {
    summary: 'take old records out of the store into a segment beside it, and keep what rules ask for',
    example: 'eosflow store seal --before 2025-07-01 --reason "half a year is enough"',
    options: {
      '--before <time>': 'records from before this date or time: 2025-07-01, 2025-07-01T06:00:00Z',
      '--keep <count>': 'all records but those from the newest executions on: how many of them stay',
      '--reason <text>': 'why; it is on record',
    },
    load: () => import('../command/store-seal.ts'),
  },
  'store move <file> <address>': {
    summary:
      'move the store from a file (. is the one of the project) into a database without records, where one is made if there is none; the file is closed for good',
    example: 'eosflow store move . postgres://eosflow@localhost/eosflow --reason "more than one machine"',
    options: {
      '--reason <text>': 'why; it is on record',
      '--anchors <path>': {
        each: 'checkpoints from outside that the record is held against: a file, or a folder of files (repeatable)',
      },
    },
    load: () => import('../command/store-move.ts'),
  },
  'store init [address]': {
    summary: 'make a store in a PostgreSQL database: that of the settings, or another one; --new: where one is lost',
    example: "eosflow store init 'postgres://eosflow@db1/eosflow?sslmode=verify-full&sslrootcert=db-ca.pem'",
    options: {
      '--new': 'begin a new store in the place of one that is lost; it knows nothing of that one',
      '--reason <text>': 'why a new one is begun; it is on record',
    },
    load: () => import('../command/store-init.ts'),
  },
  'store check [address]': {
    summary:
      'judge the PostgreSQL server of the store: durability, replication, version, clock, layout; changes nothing',
    example: 'eosflow store check',
    load: () => import('../command/store-check.ts'),
  },
  'store migrate [address]': {
    summary: 'bring the store in a PostgreSQL database up to the layout of this version',
    example: 'eosflow store migrate',
    load: () => import('../command/store-migrate.ts'),
  },
}

export const keyCommands: CommandTable = {
  'key list': {
    summary: 'list the keys of this installation: what each is for, where it is kept, and its public half',
    example: 'eosflow key list',
    load: () => import('../command/key-list.ts'),
  },
  'key show <key>': {
    summary:
      'print the public half of a key (plan, server, checkpoint), for the machines that verify with it; make the key if there is none',
    example: 'eosflow key show plan >> trust/allowed_signers',
    load: () => import('../command/key-show.ts'),
  },
  'key rotate <key>': {
    summary:
      'replace a key (plan, server, checkpoint, install); checkpoints of the old key stay valid, its plans and decisions do not',
    example: 'eosflow key rotate plan --reason "the laptop of ann was lost"',
    options: { '--reason <text>': 'why; it goes on record' },
    load: () => import('../command/key-rotate.ts'),
  },
  'trust add <name> <key.pub>': {
    summary: "have this project trust a person's SSH key: with it they approve plans; run the policy's tests with it",
    example: 'eosflow trust add bob bob.pub',
    options: {
      '--login <user>':
        'the local user who is this person, as eosflow whoami prints it, or me; default: you, if the private key lies beside',
    },
    load: () => import('../command/trust-add.ts'),
  },
  'trust project [dir]': {
    summary: 'use a project although another user, or a group, can change its files; for you alone, on this machine',
    example: 'eosflow trust project /srv/network',
    options: { '--remove': 'trust it no longer' },
    load: () => import('../command/trust-project.ts'),
  },
  ...storeCommands,
}
