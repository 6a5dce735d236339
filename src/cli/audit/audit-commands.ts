import type { Command } from '../command.ts'

/** The commands of the record. */
export const auditCommands: readonly Command[] = [
  {
    usage: 'audit list',
    summary: 'the tamper-evident record: who did what, each with its code and how it came out',
    example: 'eosflow audit list --device leaf1 --since 2026-01-05',
    options: [
      { flags: '--execution <id>', description: 'of this execution: its id, or the beginning of it' },
      { flags: '--device <name>', description: 'about a switch' },
      { flags: '--actor <text>', description: 'by this person or service; a part of the name is enough' },
      { flags: '--code <code>', description: 'with this code, or with codes that begin so: EF5' },
      { flags: '--since <time>', description: 'from this time on' },
      { flags: '--until <time>', description: 'before this time' },
    ],
    load: () => import('../command/audit-list.ts'),
  },
  {
    usage: 'audit verify [export]',
    summary: 'verify the record, of the store or of an export, by its signed checkpoints and by those kept outside',
    example: 'eosflow audit verify --anchors /mnt/worm/eosflow --require-anchor',
    options: [
      {
        flags: '--anchors <path>',
        description: 'checkpoints from outside: a file, or a folder of files (repeatable)',
        repeat: true,
      },
      { flags: '--pubkey <file>', description: 'the public key of the checkpoints, as audit key prints it' },
      { flags: '--require-anchor', description: 'exit 6 also when no recent checkpoint from outside confirms it' },
    ],
    load: () => import('../command/audit-verify.ts'),
  },
  {
    usage: 'audit export',
    summary: 'send records in order to a file or a sink; without --to print them',
    example: 'eosflow audit export --format jsonl --to audit.jsonl',
    options: [
      { flags: '--format <format>', description: 'jsonl, rfc5424, cef or otlp' },
      { flags: '--to <name>', description: 'a sink of the settings, or a file that is appended to' },
      { flags: '--since-seq <number>', description: 'only records after this one, whatever was sent before' },
    ],
    load: () => import('../command/audit-export.ts'),
  },
  {
    usage: 'audit accept-clock',
    summary:
      'accept this clock although records are newer; the policy must allow it and the clocks of the switches must agree',
    example: "eosflow audit accept-clock --reason 'a plan was made with the clock a year ahead'",
    options: [{ flags: '--reason <text>', description: 'why this clock is right; goes on record' }],
    load: () => import('../command/audit-accept-clock.ts'),
  },
  {
    usage: 'audit key',
    summary: 'the public key that verifies the checkpoints of this store',
    example: 'eosflow audit key > eosflow.pub',
    load: () => import('../command/audit-key.ts'),
  },
]
