import { expect, test } from 'vitest'
import type { Project } from '../../../../src/project/files/project.ts'
import { withFiles } from '../../../../src/project/history/bundle/read-bundle.ts'
import { partOf } from '../../../lab/part-of.ts'

test('whoever can push gives neither the policy nor the inventory, however the settings write their paths', () => {
  const settings = { inventory: './inventory.yaml', policy: 'rules/../policy.yaml' }
  const folder = partOf<Project>({ settings, files: () => 'the folder' })
  const { files } = withFiles(folder, () => 'the commit')
  const paths = ['policy.yaml', './policy.yaml', 'rules/../policy.yaml', 'inventory.yaml', './inventory.yaml']
  for (const path of [...paths, 'eosflow.yaml', 'trust/allowed_signers', 'workflows/../trust/passkeys'])
    expect([path, files(path)]).toEqual([path, 'the folder'])
  expect([files('workflows/leaf.yaml'), files('rules/policy.yaml')]).toEqual(['the commit', 'the commit'])
})
