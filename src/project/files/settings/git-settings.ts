import { z } from 'zod'
import { shown } from '../../../text/source/duration-schema.ts'

// A remote as `git remote` lists it: never an option, and never an address.
const remote = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'the name of a remote, as `git remote` lists it')

// A branch by its full name (git-check-ref-format(1), as far as names need it).
const branch = z
  .string()
  .regex(/^refs\/heads\/[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, 'a branch: refs/heads/main')
  .max(200)
  .refine((name) => !name.includes('..') && !/\.lock(?:\/|$)|\.$/.test(name), 'a branch: refs/heads/main')

const git = z.strictObject({
  remote: remote.default('origin').describe('The remote that is fetched, as `git remote` lists it in the project.'),
  ref: shown(
    branch.default('refs/heads/main'),
    'The branch that a commit must be on, by its full name.',
    'refs/heads/main',
  ),
  signedBy: z
    .enum(['trust/allowed_signers', 'none'])
    .describe('Who must have signed a commit: a key of `trust/allowed_signers`, or `none`. There is no default.'),
})

export type GitSettings = z.output<typeof git>

/** `project:` of `eosflow.yaml`: where the files of the project come from, where an event names a commit. */
export const projectSettings = z.strictObject({
  git: git.optional().describe('The repository of the project, where an event names a commit of it.'),
})
