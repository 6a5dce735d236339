import { changeOptions, target } from './change-options.ts'
import type { Command } from './command.ts'

/** The commands around simulated switches: they are started, and workflows are tested and rehearsed on them. */
export const simulatedCommands: readonly Command[] = [
  {
    usage: 'sim start [fabric]',
    summary: 'simulated switches over eAPI on loopback',
    example: 'eosflow sim start fabrics/dc1',
    options: [
      { flags: '--config <file>', description: 'one switch from a running-config' },
      { flags: '--eos <version>', description: 'its EOS version' },
      { flags: '--name <name>', description: 'its name' },
      { flags: '--privilege <level>', description: 'privilege of the printed login: 1 or 15' },
      { flags: '--enable-secret <secret>', description: 'ask for this secret at enable' },
      { flags: '--verbatim', description: 'keep unknown order and add nothing' },
    ],
    load: () => import('./command/sim-start.ts'),
  },
  {
    usage: 'sim status',
    summary: 'the running simulator: ports, sessions, counters',
    example: 'eosflow sim status --json',
    options: [
      { flags: '--control <host:port>', description: 'the control port; default: the one this project started' },
    ],
    load: () => import('./command/sim-status.ts'),
  },
  {
    usage: 'sim fault <device> <fault>',
    summary: 'set a fault on a running simulated switch, given as YAML',
    example: "eosflow sim fault leaf1 '{ kind: lost-answer, command: commit }'",
    options: [
      { flags: '--control <host:port>', description: 'the control port; default: the one this project started' },
    ],
    load: () => import('./command/sim-fault.ts'),
  },
  {
    usage: 'test [file...]',
    summary: 'run workflow tests on simulated switches in memory; no waiting, no hardware',
    example: 'eosflow test --junit results.xml',
    options: [
      { flags: '--filter <text>', description: 'only cases whose file or name holds this text' },
      { flags: '--junit <file>', description: 'write the results for a CI system' },
      { flags: '--update', description: 'write golden plans instead of comparing with them' },
    ],
    load: () => import('./command/test.ts'),
  },
  {
    usage: 'rehearse <workflow-or-plan>',
    summary: 'try a change on simulated switches under faults and crashes, and show how the network ends each time',
    example: 'eosflow rehearse workflows/add-vlan.yaml -p vlan=120 -p label=TENANT-A --fabric fabrics/recorded',
    options: [
      ...changeOptions,
      target,
      { flags: '--fabric <dir>', description: 'the twin of the switches; default: the only fabric of the project' },
      { flags: '--only <kind>', description: 'this kind of fault, or crash (repeatable)', repeat: true },
      { flags: '--all', description: 'kill eosflow after every record, and put faults on every switch' },
      { flags: '--seed <number>', description: 'chooses the records after which eosflow is killed; default 1' },
      { flags: '--junit <file>', description: 'write the trials for a CI system' },
    ],
    load: () => import('./command/rehearse.ts'),
  },
]
