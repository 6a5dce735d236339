import { forgeOptions } from '../forge/forge-options.ts'
import { details } from '../option/change-options.ts'
import type { CommandOption } from '../option/command.ts'

export const trustFile: CommandOption = {
  flags: '--trust <file>',
  description:
    "a file with the public keys that are trusted to seal plans; default: the project's trust/allowed_signers",
}

/** What `approve` and `reject` have in common. */
export const decisionOptions: readonly CommandOption[] = [
  details,
  { flags: '--digest <digest>', description: 'the digest that you reviewed: refuse a plan with another one' },
  { flags: '--comment <text>', description: 'why; it is put on record' },
  { flags: '--key <file>', description: 'sign with this SSH key; a public key file selects a key in the SSH agent' },
  { flags: '--ssh-agent', description: 'sign with the key in the SSH agent' },
  {
    flags: '-o, --out <file>',
    description: 'write the signed decision for another machine, and put nothing on record',
  },
  trustFile,
  { flags: '--import <file>', description: 'put a signed decision from another machine on record' },
]

export const reviewOptions: readonly CommandOption[] = [
  { flags: '--from-review <forge>', description: 'take the reviews of a pull request as approvals: github or gitlab' },
  { flags: '--pr <number>', description: 'the pull request of GitHub, with --from-review' },
  { flags: '--mr <number>', description: 'the merge request of GitLab, with --from-review' },
  {
    flags: '--merged <commit>',
    description: 'the pull request by the commit that its merge has made, with --from-review',
  },
  {
    flags: '--base <branch>',
    description: 'the branch that it must go into; default: the default branch of the repository',
  },
  ...forgeOptions,
]
