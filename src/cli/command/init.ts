import { relative, resolve } from 'node:path'
import { newProject } from '../../app/scaffold/new-project.ts'
import { newProjectText } from '../../report/new-project/text.ts'
import type { Invocation } from '../io.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

/** Scaffolds a project that runs as it is: settings, inventory, a workflow and its tests, a simulated fabric, a pipeline. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const [typed = '.'] = args
  const dir = resolve(io.cwd, typed)
  const written = await newProject(dir, typed)
  if (global.json) io.out(`${JSON.stringify({ version: 1, project: dir, ...written })}\n`)
  else io.out(`${newProjectText(written)}\n${nextLines(relative(io.cwd, dir))}\n`)
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
