import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepare } from '../../../../src/change/plan/prepare.ts'
import type { GivenParams } from '../../../../src/change/workflow/param/read.ts'
import { readTestFile } from '../../../../src/lab/workflow-test/read-test-file.ts'
import { loadWorkflow } from '../../../../src/project/files/load-workflow.ts'
import type { Project } from '../../../../src/project/files/project.ts'
import { testFilesOf } from '../../../../src/project/files/test-files.ts'
import { published as onPublished, projectOfBundle } from '../../../../src/project/history/bundle/published.ts'
import { planOffline } from '../../../../src/project/plan/plan-offline.ts'
import { orProblems } from '../../../../src/project/system/process/input-error.ts'
import { extentOfLong } from '../../../extent.ts'
import { type App, ROOT, temporaryFolder, writeFiles } from '../../../lab/lab.ts'
import { openedIn, published } from './opened.ts'

/** What a plan of a project needs besides its files. */
interface Asked {
  readonly file: string
  readonly given: GivenParams
  readonly target?: string
}

async function digestIn(app: App, project: Project, { file, given, target }: Asked) {
  const prepared = prepare({
    workflow: loadWorkflow(project, file),
    given,
    inventory: project.inventory(),
    files: project.files,
    ...(target === undefined ? {} : { only: target }),
  })
  // Some cases are about what is refused: then both refuse it in the same words.
  if (!prepared.ok) return `refused: ${JSON.stringify(prepared.problems)}`
  const { digest } = await planOffline(project, app, prepared.value, 'fixtures/dc1')
  return `${prepared.value.digest} ${digest}`
}

/** Every case of every workflow test of a project: a workflow with parameters that are good for it. */
function casesIn(project: Project) {
  const context = { files: project.files, inventory: project.inventory(), policyPresent: project.policyPresent }
  const cases = testFilesOf(project).flatMap((file) =>
    orProblems(readTestFile(project.files(file) ?? '', file, context)),
  )
  return cases.map(({ workflow, given, target }) => ({
    file: workflow.file,
    given,
    ...(target === undefined ? {} : { target }),
  }))
}

test('the plan of every bundled workflow has the same digest from its folder and from its bundle', {
  tags: ['long', 'turn'],
  timeout: 120_000,
}, async () => {
  const dir = temporaryFolder()
  for (const part of ['eosflow.yaml', 'inventory.yaml', 'workflows', 'fixtures'])
    cpSync(join(ROOT, part), join(dir, part), { recursive: true })
  const app = await openedIn(dir)
  const { bundle } = await published(app)
  const all = casesIn(app.project)
  const [ofOne, ofNewest] = [await projectOfBundle(app, bundle), (await onPublished(app)).project]
  const planned = new Set<string>()
  for (const [index, one] of all.entries()) {
    if (extentOfLong(true, false) && planned.has(one.file)) continue
    const here = await digestIn(app, app.project, one)
    expect([one, await digestIn(app, index % 2 === 0 ? ofOne : ofNewest, one)]).toEqual([one, here])
    if (!here.startsWith('refused')) planned.add(one.file)
  }
  const workflows = readdirSync(join(dir, 'workflows')).filter((name) => name.endsWith('.yaml'))
  expect([...planned].sort()).toEqual(workflows.map((name) => `workflows/${name}`).sort())
  expect([workflows.length, all.length >= 74]).toEqual([17, true])
})

const ANSIBLE: Readonly<Record<string, string>> = {
  'net/eosflow.yaml': 'version: 1\n',
  'net/inventory.yaml': `version: 1
defaults: { credentials: operator }
credentials: { operator: { username: eosflow-rw, password: '\${env:EOSFLOW_RW}' } }
sources:
  - ansible: ../ansible/hosts.yml
devices: {}
`,
  'net/workflows/ntp.yaml': `name: ntp
targets: group:LEAVES
change: { mode: merge, template: parts/ntp.j2 }
rollout: { concurrency: 2 }
steps: [snapshot, plan, approve, push: { confirmWithin: 30m }, verify: { checks: [reachable] }, confirm]
`,
  'net/workflows/parts/ntp.j2': "{% include device.vars.kind ~ '.j2' %}\n",
  'net/workflows/parts/leaf.j2': 'ntp server {{ device.vars.ntp }}\n',
  'net/workflows/parts/spine.j2': 'ntp server 192.0.2.9\n',
  'ansible/hosts.yml': `all:
  vars: { ansible_network_os: arista.eos.eos, ansible_connection: ansible.netcommon.httpapi }
  children:
    LEAVES: { hosts: { leaf1: { ansible_host: 192.0.2.21 }, leaf2: { ansible_host: 192.0.2.22 } } }
`,
  'ansible/group_vars/LEAVES/ntp.yml': 'ntp: 192.0.2.1\nkind: leaf\n',
  'ansible/host_vars/leaf2.yml': 'ntp: 192.0.2.2\n',
}

test('sources of an inventory outside of the project, and templates that are only named when they are rendered, are of the bundle', async () => {
  const around = temporaryFolder()
  writeFiles(around, ANSIBLE)
  cpSync(join(ROOT, 'fixtures'), join(around, 'net/fixtures'), { recursive: true })
  const app = await openedIn(join(around, 'net'))
  const { bundle, files } = await published(app)
  const here = await digestIn(app, app.project, { file: 'workflows/ntp.yaml', given: {} })
  rmSync(join(around, 'ansible'), { recursive: true })
  rmSync(join(around, 'net/workflows'), { recursive: true })
  const project = await projectOfBundle(app, bundle)
  expect(await digestIn(app, project, { file: 'workflows/ntp.yaml', given: {} })).toBe(here)
  expect(project.inventory().devices.map(({ name, vars }) => [name, JSON.stringify(vars?.get('ntp'))])).toEqual([
    ['leaf1', expect.stringContaining('"192.0.2.1"')],
    ['leaf2', expect.stringContaining('"192.0.2.2"')],
  ])
  expect(project.files('workflows/parts/spine.j2')?.toString()).toBe('ntp server 192.0.2.9\n')
  expect(files).toBe(9)
})
