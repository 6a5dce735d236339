import { count } from '../count.ts'

/** Which files were written, and which were there before and stay as they are. */
export interface Written {
  readonly created: readonly string[]
  readonly kept: readonly string[]
}

/** The files of a new project, and what is to know about it. */
export function newProjectText({ created, kept }: Written): string {
  const rows = [...created.map((path) => `  + ${path}`), ...kept.map((path) => `  = ${path} (was there; kept)`)]
  return [
    ...rows,
    '',
    'Everything is simulated until inventory.yaml names your switches. `eosflow run` asks for your approval, then watches',
    'each wave of leaves for half a minute under its commit timer before it confirms them all.',
    '',
    `Project: ${count(created.length, 'file')} created, ${kept.length} kept`,
  ].join('\n')
}
