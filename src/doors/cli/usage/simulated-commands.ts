import { changeOptions, target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const simulatedCommands: readonly Command[] = [
  {
    usage: 'sim start [fabric]',
    summary: 'start simulated switches on loopback (eAPI and SSH); they run until you end the command',
    example: 'eosflow sim start fabrics/dc1',
    options: [
      { flags: '--config <file>', description: 'simulate one switch with this running-config, instead of a fabric' },
      { flags: '--eos <version>', description: 'the EOS version of that switch' },
      { flags: '--name <name>', description: 'the name of that switch' },
      { flags: '--privilege <level>', description: 'the privilege of the login that is printed: 1 or 15' },
      { flags: '--enable-secret <secret>', description: 'the switch asks for this secret at enable' },
      {
        flags: '--verbatim',
        description: 'keep the order of the lines in the file, and add no lines: for a file that no switch printed',
      },
    ],
    load: () => import('../command/sim-start.ts'),
  },
  {
    usage: 'sim status',
    summary: 'show the running simulator: ports, sessions, counters',
    example: 'eosflow sim status --json',
    options: [
      { flags: '--control <host:port>', description: 'the control port; default: the one this project started' },
    ],
    load: () => import('../command/sim-status.ts'),
  },
  {
    usage: 'sim fault <device> <fault>',
    summary: 'set a fault, written as YAML, on a running simulated switch',
    example: "eosflow sim fault leaf1 '{ kind: lost-answer, command: commit }'",
    options: [
      { flags: '--control <host:port>', description: 'the control port; default: the one this project started' },
    ],
    load: () => import('../command/sim-fault.ts'),
  },
  {
    usage: 'sim learn <recording>',
    summary:
      'compare a recording of the conformance kit with the simulator: settings for a fabric, and what it says otherwise',
    example: 'eosflow sim learn lab1-4.32/lab1.jsonl',
    load: () => import('../command/sim-learn.ts'),
  },
  {
    usage: 'test [file...]',
    summary: 'run workflow tests on simulated switches in memory: no waiting, no real switch',
    example: 'eosflow test --junit results.xml',
    options: [
      { flags: '--filter <text>', description: 'only cases whose file or name holds this text' },
      { flags: '--junit <file>', description: 'write the results for a CI system' },
      { flags: '--update', description: 'write golden plans instead of comparing with them' },
    ],
    load: () => import('../command/test.ts'),
  },
  {
    usage: 'rehearse <workflow-or-plan>',
    summary: 'try a change on simulated switches under faults and crashes, and show how the network ends each time',
    example: 'eosflow rehearse workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE',
    options: [
      ...changeOptions,
      target,
      {
        flags: '--fabric <dir>',
        description: 'the folder with the simulated copies of the switches; default: the only fabric of the project',
      },
      { flags: '--only <kind>', description: 'only this kind of fault, or crash (repeatable)', repeat: true },
      {
        flags: '--all',
        description: 'try everything: a kill of eosflow after every record, and every fault on every switch',
      },
      {
        flags: '--seed <number>',
        description: 'another number chooses other records after which eosflow is killed; default 1',
      },
      { flags: '--junit <file>', description: 'write the trials for a CI system' },
    ],
    load: () => import('../command/rehearse.ts'),
  },
]
