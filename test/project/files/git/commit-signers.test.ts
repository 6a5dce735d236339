import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitSigners } from '../../../../src/project/identity/signers/commit-signers.ts'
import { parseAllowedSigners } from '../../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import type { Git } from '../../../../src/project/system/machine/git.ts'
import { hasGit, repository } from './repository.ts'

test.runIf(hasGit)('the engine waits for no more than 50 signatures of a push (needs the git command)', async () => {
  const made = repository()
  const id = made.commit({ 'a.txt': 'signed\n' }, 'bob')
  const raw = execFileSync('git', ['cat-file', 'commit', id], { cwd: join(made.dir, 'work') })
  const ids = Array.from({ length: 120 }, (_, index) => index.toString(16).padStart(40, '0'))
  // A repository of 120 commits, each as the one that Bob has signed.
  const git: Git = async ({ args }) => {
    const objects = ids.flatMap((one) => [Buffer.from(`${one} commit ${raw.length}\n`), raw, Buffer.from('\n')])
    const out = args[0] === 'rev-list' ? Buffer.from(`${ids.join('\n')}\n`) : Buffer.concat(objects)
    return { code: 0, out, said: '' }
  }
  const signers = parseAllowedSigners(made.line('bob'), 'trust/allowed_signers')
  if (!signers.ok) throw new Error(signers.problems[0].message)
  let pauses = 0
  const pause = async () => {
    pauses += 1
  }
  const now = Date.parse('2026-01-05T08:00:00Z')
  const trust = { signers: signers.value, programs: { env: {} }, now, pause }
  expect([await commitSigners(git, ids[0] ?? '', [], trust), pauses]).toEqual([['bob@example.org'], 2])
})
