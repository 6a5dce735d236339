import type { Command } from '../option/command.ts'
import { storeCommands } from './store-commands.ts'

/** The commands about what an installation trusts: its keys, whose files are used, and which store it is. */
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
