import { approveDigest, asking, breakGlass, key, noWait, skipUnreachable, target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const changeCommand: Command = {
  usage: 'change [line...]',
  summary: 'make a small change without a file: the lines, as you would type them on the switch, then as run does',
  example: "eosflow change -t leaf1 'interface Ethernet10' 'description uplink to fw1'",
  options: [
    {
      ...target,
      description:
        'the switches: names, globs, tag:value, group:NAME, @FILE, failed:@latest, with commas, and, or, not',
    },
    {
      flags: '--file <file>',
      description: 'take the lines from a file; the argument - takes them from standard input',
    },
    { flags: '--plan-only', description: 'show the plan, and change nothing' },
    { flags: '-o, --out <file>', description: 'save the plan in a file, to approve and run it later; change nothing' },
    { flags: '--save <file>', description: 'also write a change file with its workflow: changes/NAME.yaml' },
    skipUnreachable,
    noWait,
    approveDigest,
    breakGlass,
    key,
    ...asking,
  ],
  load: () => import('../command/change.ts'),
}
