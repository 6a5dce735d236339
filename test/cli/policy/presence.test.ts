import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/app/input-error.ts'
import { openProject, type Project } from '../../../src/app/project/project.ts'
import { silentIo } from '../../../src/cli/workflow-test/silent-io.ts'
import { temporaryFolder } from '../../lab/folder.ts'

function projectWith(settings: string, prepare: (dir: string) => void = () => undefined): Project {
  const dir = temporaryFolder({ 'eosflow.yaml': settings })
  prepare(dir)
  return openProject(silentIo(dir), { project: dir } as Parameters<typeof openProject>[1])
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

  test('a policy that is taken away behind a link in mid-execution is not none from then on', () => {
    let file = ''
    const project = projectWith('version: 1\n', (dir) => {
      file = join(dir, 'real.yaml')
      writeFileSync(file, 'version: 1\n')
      symlinkSync('real.yaml', join(dir, 'policy.yaml'))
    })
    expect(project.policy()?.policy.rules.map(({ effect }) => effect)).toEqual(['deny', 'deny', 'deny'])
    rmSync(file)
    expect(() => project.policy()).toThrow(InputError)
  })
})
