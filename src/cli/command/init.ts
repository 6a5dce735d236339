import { relative, resolve } from 'node:path'
import { InputError } from '../../app/input-error.ts'
import { newProject } from '../../app/scaffold/new-project.ts'
import { projectFrom } from '../../app/scaffold/project-from.ts'
import { problemOf } from '../../model/problem.ts'
import { newProjectText, projectFromText } from '../../report/new-project/text.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { Invocation } from '../io.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

/** Scaffolds a project that runs as it is: settings, inventory, a workflow and its tests, a simulated fabric, a pipeline. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  if (options.from !== undefined) return fromInventory(invocation, String(options.from))
  const [typed = '.'] = args
  const dir = resolve(io.cwd, typed)
  const written = await newProject(dir, typed)
  if (global.json) io.out(`${JSON.stringify({ version: 1, project: dir, ...written })}\n`)
  else io.out(`${newProjectText(written)}\n${nextLines(relative(io.cwd, dir))}\n`)
  return 0
}

/** A project in this folder that reads the inventory of another tool in the folder that is named. */
async function fromInventory({ io, args, global }: Invocation, kind: string): Promise<number> {
  if (kind !== 'ansible' && kind !== 'avd') {
    const hint = didYouMean(kind, ['ansible', 'avd'])
    throw new InputError([
      problemOf('--from', 'unknown-source', `\`${kind}\` is no inventory that a project is made from`, hint),
    ])
  }
  const [typed = '.'] = args
  const dir = resolve(io.cwd, global.project ?? '.')
  const { written, workflow, switches, from } = await projectFrom({ kind, dir, source: resolve(io.cwd, typed), typed })
  if (global.json)
    io.out(`${JSON.stringify({ version: 1, project: dir, ...written, switches: switches ?? null, from })}\n`)
  else {
    const plan =
      kind === 'avd' ? `eosflow plan ${workflow}` : `eosflow plan ${workflow} -p vlan=140 -p label=PROD-CACHE`
    const lines = ['eosflow inventory list', 'eosflow validate', plan]
    io.out(`${projectFromText(written, from, switches)}\nNext: ${lines.join('\n      ')}\n`)
  }
  return 0
}

function nextLines(dir: string): string {
  return [
    ...(dir === '' ? [] : [`cd ${dir}`]),
    'eosflow validate',
    'eosflow test',
    `eosflow plan ${CHANGE} --offline fabrics/dc1`,
    'eosflow sim start fabrics/dc1 &',
    `eosflow run ${CHANGE}`,
  ]
    .map((line, index) => `${index === 0 ? 'Next:' : '     '} ${line}`)
    .join('\n')
}
