import type { Command } from '../option/command.ts'

export const auditCommands: readonly Command[] = [
  {
    usage: 'audit list',
    summary: 'list the record: who did what, with an event code and the outcome',
    example: 'eosflow audit list --device leaf1 --since 2026-01-05',
    options: [
      { flags: '--execution <id>', description: 'only records of this execution: its id, or the beginning of it' },
      { flags: '--device <name>', description: 'only records about this switch' },
      { flags: '--actor <text>', description: 'only records of this person or service; a part of the name is enough' },
      { flags: '--code <code>', description: 'only records with this code, or with codes that begin like this: EF5' },
      { flags: '--since <time>', description: 'only records from this time on' },
      { flags: '--until <time>', description: 'only records before this time' },
    ],
    load: () => import('../command/audit-list.ts'),
  },
  {
    usage: 'audit verify [export]',
    summary:
      'verify the record of the store, an export, or the page of a change, against its signed checkpoints and those kept outside the store',
    example: 'eosflow audit verify --anchors /mnt/worm/eosflow --require-anchor',
    options: [
      {
        flags: '--anchors <path>',
        description: 'checkpoints that were kept outside the store: a file, or a folder of files (repeatable)',
        repeat: true,
      },
      { flags: '--pubkey <file>', description: 'the public key of the checkpoints, as audit key prints it' },
      {
        flags: '--require-anchor',
        description: 'also exit 6 when no recent checkpoint from outside confirms the record',
      },
    ],
    load: () => import('../command/audit-verify.ts'),
  },
  {
    usage: 'audit export',
    summary: 'send the records, in their order, to a file or a sink; without --to print them',
    example: 'eosflow audit export --format jsonl --to audit.jsonl',
    options: [
      { flags: '--format <format>', description: 'jsonl, rfc5424, cef or otlp' },
      {
        flags: '--to <name>',
        description: 'a sink by its name in eosflow.yaml, or a file, to which the records are appended',
      },
      {
        flags: '--since-seq <number>',
        description: 'send the records after this number, also those that were sent before',
      },
    ],
    load: () => import('../command/audit-export.ts'),
  },
  {
    usage: 'audit accept-clock',
    summary:
      'accept the clock of this machine although the record holds later times; the policy must allow it, and the clocks of the switches must agree',
    example: "eosflow audit accept-clock --reason 'a plan was made with the clock a year ahead'",
    options: [{ flags: '--reason <text>', description: 'why this clock is right; it is put on record' }],
    load: () => import('../command/audit-accept-clock.ts'),
  },
  {
    usage: 'audit key',
    summary: 'print the public key that verifies the checkpoints of this store',
    example: 'eosflow audit key > eosflow.pub',
    load: () => import('../command/audit-key.ts'),
  },
  {
    usage: 'notify deliver',
    summary: 'look once for what is abnormal, and send targets and sinks what they lack; a server does that by itself',
    example: 'eosflow notify deliver',
    load: () => import('../command/notify-deliver.ts'),
  },
  {
    usage: 'notify test <name>',
    summary: 'send a test message to one target of the settings, and say how it was answered',
    example: 'eosflow notify test ops',
    load: () => import('../command/notify-test.ts'),
  },
]
