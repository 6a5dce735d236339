import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeFiles } from '../../../project/authoring/scaffold/write-files.ts'
import { readRegularText } from '../../../project/system/machine/regular-file.ts'
import { GITHUB_PIPELINES } from '../../../report/ci/github.ts'
import { GITLAB_PIPELINES } from '../../../report/ci/gitlab.ts'
import { PRE_COMMIT } from '../../../report/ci/pre-commit.ts'
import { oneOf } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

const PIPELINES = { github: GITHUB_PIPELINES, gitlab: GITLAB_PIPELINES, 'pre-commit': PRE_COMMIT } as const

const runner = (rest: string) => `
They need, and nobody makes:
- a runner of yours with the label \`eosflow\` that reaches the switches, with eosflow, git and bash, and a folder EOSFLOW_HOME on it that stays
- ${rest}
- trust/reviewers.yaml, and \`proof: [review]\` in policy.yaml: without them nothing is sent
Commit them, and open a request with a file in changes/.
`

const NEEDS: Readonly<Record<keyof typeof PIPELINES, string>> = {
  github: runner(
    'variables EOSFLOW_HOME, EOSFLOW_PACKAGE (what npm installs); the environments network-plan and network, with the secrets EOSFLOW_KEY and EOSFLOW_PASSWORD',
  ),
  gitlab: runner(
    'variables EOSFLOW_HOME, EOSFLOW_PACKAGE (what npm installs), and protected and masked EOSFLOW_KEY, EOSFLOW_PASSWORD, GITLAB_TOKEN (a project access token with the scope api)',
  ),
  'pre-commit': 'Next: pre-commit install\n',
}

const OF_INIT = '.github/workflows/network.yml'

/** A file that is there is never touched. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const [word = ''] = args
  const kinds = Object.keys(PIPELINES) as (keyof typeof PIPELINES)[]
  const forge = oneOf(
    kinds,
    word,
    word,
    'no-such-pipeline',
    'there are no pipelines for it',
    `One of: ${kinds.join(', ')}`,
  )
  const dir = resolve(io.cwd, global.project ?? '.')
  const { created, kept } = await writeFiles(dir, new Map(Object.entries(PIPELINES[forge])))
  if (global.json) io.out(`${JSON.stringify({ version: 1, created, kept })}\n`)
  else {
    for (const file of created) io.out(`created ${file}\n`)
    for (const file of kept) io.out(`kept ${file}: it is there already, and was not touched\n`)
    io.out(NEEDS[forge])
    const tested = join(dir, OF_INIT)
    if (forge === 'github' && existsSync(tested) && readRegularText(tested).includes('eosflow test'))
      io.err(`! ${OF_INIT}, which eosflow init writes, tests each pull request too: delete it\n`)
    if (!existsSync(join(dir, '.git')))
      io.err(`! ${dir} is not the root of a Git repository: only there are these files read\n`)
  }
  return 0
}
