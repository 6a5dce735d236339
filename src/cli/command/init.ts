import { relative, resolve } from 'node:path'
import { InputError } from '../../app/input-error.ts'
import { problemOf } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import type { Invocation } from '../io.ts'
import { FIXED_PORTS } from '../scaffold/inventory.ts'
import { projectFiles } from '../scaffold/project-files.ts'
import { type Written, writeFiles } from '../scaffold/write-files.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

/** Scaffolds a project that runs as it is: settings, inventory, a workflow and its tests, a simulated fabric, a pipeline. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const [typed = '.'] = args
  const dir = resolve(io.cwd, typed)
  const written = await write(dir, typed)
  if (global.json) io.out(`${JSON.stringify({ version: 1, project: dir, ...written })}\n`)
  else io.out(report(relative(io.cwd, dir), written))
  return 0
}

async function write(dir: string, typed: string): Promise<Written> {
  try {
    return await writeFiles(dir, projectFiles(FIXED_PORTS))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw new InputError([
      problemOf(
        typed,
        'no-such-folder',
        `a project cannot be written here (${code})`,
        'Name a folder that is yours to write, or one that is not there yet.',
      ),
    ])
  }
}

function report(dir: string, { created, kept }: Written): string {
  const rows = [...created.map((path) => `  + ${path}`), ...kept.map((path) => `  = ${path} (was there; kept)`)]
  const first = dir === '' ? [] : [`cd ${dir}`]
  const next = [
    ...first,
    'eosflow validate',
    'eosflow test',
    `eosflow plan ${CHANGE} --offline fabrics/dc1`,
    'eosflow sim start fabrics/dc1 &',
    `eosflow run ${CHANGE}`,
  ]
  return [
    ...rows,
    '',
    'Everything is simulated until inventory.yaml names your switches. `eosflow run` asks for your approval, then watches',
    'each wave of leaves for half a minute under its commit timer before it confirms them all.',
    '',
    `Project: ${count(created.length, 'file')} created, ${kept.length} kept`,
    ...next.map((line, index) => `${index === 0 ? 'Next:' : '     '} ${line}`),
    '',
  ].join('\n')
}
