import { forgeOptions } from '../forge/forge-options.ts'
import type { Command, CommandOption } from '../option/command.ts'

const shown: readonly CommandOption[] = [
  { flags: '--merged <commit>', description: 'the same by the commit that its merge has made' },
  { flags: '--plan <plan>', description: 'the plan to show: a saved one, or the execution that has made it' },
  { flags: '--text <file>', description: 'a file of Markdown to show instead, such as a report' },
  ...forgeOptions,
]

export const forgeCommands: readonly Command[] = [
  {
    usage: 'comment github',
    summary: 'show a plan as a comment on a pull request of GitHub, in place of the one that was there',
    example: 'eosflow comment github --pr 7 --plan vlan140.plan',
    options: [{ flags: '--pr <number>', description: 'the pull request, by its number' }, ...shown],
    load: () => import('../command/comment-github.ts'),
  },
  {
    usage: 'comment gitlab',
    summary: 'show a plan as a comment on a merge request of GitLab, in place of the one that was there',
    example: 'eosflow comment gitlab --mr 7 --plan vlan140.plan',
    options: [{ flags: '--mr <number>', description: 'the merge request, by its number' }, ...shown],
    load: () => import('../command/comment-gitlab.ts'),
  },
  {
    usage: 'ci init <forge>',
    summary:
      'write pipelines that plan, apply what was reviewed, and look at night: github, gitlab; or a hook: pre-commit',
    example: 'eosflow ci init github',
    load: () => import('../command/ci-init.ts'),
  },
]
