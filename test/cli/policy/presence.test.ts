import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/app/input-error.ts'
import { openProject } from '../../../src/app/project/project.ts'
import { silentIo } from '../../../src/cli/workflow-test/silent-io.ts'
import { temporaryFolder } from '../../lab/folder.ts'

function projectWith(settings: string, prepare: (dir: string) => void = () => undefined) {
  const dir = temporaryFolder({ 'eosflow.yaml': settings })
  prepare(dir)
  return openProject(silentIo(dir), { project: dir } as Parameters<typeof openProject>[1])
}

function problemsOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('whether a project has a policy', () => {
  test('none without the file', () => {
    const project = projectWith('version: 1\n')
    expect([project.policyPresent, project.policy()]).toEqual([false, undefined])
  })

  test.each<[string, string, ((dir: string) => void)?]>([
    ['a link that leads nowhere', 'version: 1\n', (dir) => symlinkSync(join(dir, 'gone'), join(dir, 'policy.yaml'))],
    ['a link to itself', 'version: 1\n', (dir) => symlinkSync('policy.yaml', join(dir, 'policy.yaml'))],
    ['a link out of the project', 'version: 1\n', (dir) => symlinkSync('/etc/hostname', join(dir, 'policy.yaml'))],
    ['a file that the settings name and that is not there', 'version: 1\npolicy: rules/policy.yaml\n'],
  ])('%s is a policy that cannot be read, and never none', (_name, settings, prepare) => {
    const project = projectWith(settings, prepare)
    expect(project.policyPresent).toBe(true)
    expect(() => project.policy()).toThrow(InputError)
  })

  test.each([
    ['the policy', 'policy.yaml', ''],
    ['the signers', 'trust/allowed_signers', ''],
    ['the passkeys', 'trust/passkeys', 'version: 1\n'],
    ['the reviewers', 'trust/reviewers.yaml', 'version: 1\n'],
    ['the folder of the reviewers', 'trust', ''],
  ])(
    '[3A4] %s behind a link in the project is refused: whoever changes what it leads to would decide',
    (_, path, text) => {
      const project = projectWith('version: 1\n', (dir) => {
        mkdirSync(join(dir, 'elsewhere/trust'), { recursive: true })
        if (path !== 'trust') mkdirSync(join(dir, 'trust'), { recursive: true })
        const decides = path === 'policy.yaml' ? 'elsewhere/policy.yaml' : 'policy.yaml'
        writeFileSync(join(dir, decides), 'version: 1\n')
        writeFileSync(join(dir, 'elsewhere/trust/reviewers.yaml'), 'version: 1\n')
        if (path.startsWith('trust/')) writeFileSync(join(dir, 'elsewhere', path), text)
        symlinkSync(join(dir, 'elsewhere', path), join(dir, path))
      })
      expect(project.policyPresent).toBe(true)
      const problems = problemsOf(() => project.policy())
      expect(problems.map(({ code, at }) => [code, at.file])).toEqual([
        ['linked-policy', path === 'trust' ? 'trust/reviewers.yaml' : path],
      ])
    },
  )

  test('a policy that is taken away in mid-execution is not none from then on, where the settings name it', () => {
    let file = ''
    const project = projectWith('version: 1\npolicy: real.yaml\n', (dir) => {
      file = join(dir, 'real.yaml')
      writeFileSync(file, 'version: 1\n')
    })
    expect(project.policy()?.policy.rules.map(({ effect }) => effect)).toEqual(['deny', 'deny', 'deny'])
    rmSync(file)
    expect(() => project.policy()).toThrow(InputError)
  })
})
