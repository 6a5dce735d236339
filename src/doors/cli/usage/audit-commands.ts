import type { CommandTable } from '../option/command.ts'

export const auditCommands: CommandTable = {
  'audit list': {
    summary: 'list the record: who did what, with an event code and the outcome',
    example: 'eosflow audit list --device leaf1 --since 2026-01-05',
    options: {
      '--execution <id>': 'only records of this execution: its id, or the beginning of it',
      '--device <name>': 'only records about this switch',
      '--actor <text>': 'only records of this person or service; a part of the name is enough',
      '--code <code>': 'only records with this code, or with codes that begin like this: EF5',
      '--since <time>': 'only records from this time on',
      '--until <time>': 'only records before this time',
    },
    load: () => import('../command/audit-list.ts'),
  },
  'audit verify [export]': {
    summary:
      'verify the record of the store, an export, or the page of a change, against its signed checkpoints and those kept outside the store',
    example: 'eosflow audit verify --anchors /mnt/worm/eosflow --require-anchor',
    options: {
      '--anchors <path>': {
        each: 'checkpoints that were kept outside the store: a file, or a folder of files (repeatable)',
      },
      '--pubkey <file>': 'the public key of the checkpoints, as audit key prints it',
      '--require-anchor': 'also exit 6 when no recent checkpoint from outside confirms the record',
    },
    load: () => import('../command/audit-verify.ts'),
  },
  'audit export': {
    summary: 'send the records, in their order, to a file or a sink; without --to print them',
    example: 'eosflow audit export --format jsonl --to audit.jsonl',
    options: {
      '--format <format>': 'jsonl, rfc5424, cef or otlp',
      '--to <name>': 'a sink by its name in eosflow.yaml, or a file, to which the records are appended',
      '--since-seq <number>': 'send the records after this number, also those that were sent before',
    },
    load: () => import('../command/audit-export.ts'),
  },
  'audit accept-clock': {
    summary:
      'accept the clock of this machine although the record holds later times; the policy must allow it, and the clocks of the switches must agree',
    example: "eosflow audit accept-clock --reason 'a plan was made with the clock a year ahead'",
    options: { '--reason <text>': 'why this clock is right; it is put on record' },
    load: () => import('../command/audit-accept-clock.ts'),
  },
  'audit key': {
    summary: 'print the public key that verifies the checkpoints of this store',
    example: 'eosflow audit key > eosflow.pub',
    load: () => import('../command/audit-key.ts'),
  },
  'notify deliver': {
    summary: 'look once for what is abnormal, and send targets and sinks what they lack; a server does that by itself',
    example: 'eosflow notify deliver',
    load: () => import('../command/notify-deliver.ts'),
  },
  'notify test <name>': {
    summary: 'send a test message to one target of the settings, and say how it was answered',
    example: 'eosflow notify test ops',
    load: () => import('../command/notify-test.ts'),
  },
  'schedule list': {
    summary: 'list the schedules: when each is due next, and what became of its last instant',
    example: 'eosflow schedule list --ics',
    options: {
      '--ics': 'as a calendar: windows and freezes of the policy and when each is due, 8 weeks ahead',
    },
    load: () => import('../command/schedule-list.ts'),
  },
  'schedule run [name]': {
    summary: 'do what is due and end, for cron and CI where no server runs; with a name: start that schedule now',
    example: 'eosflow schedule run',
    load: () => import('../command/schedule-run.ts'),
  },
  'schedule end <name>': {
    summary: 'look no more after a change: end the watch that `after:` keeps, by its name or its execution',
    example: 'eosflow schedule end after:01K3ZQ --reason "VLAN 140 was moved by hand"',
    options: { '--reason <text>': 'why; it is on record' },
    load: () => import('../command/schedule-end.ts'),
  },
}
