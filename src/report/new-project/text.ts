import { count, switches } from '../count.ts'
import { PASSWORD, type SourcedProject, VAULT_PASSWORD } from './sourced-inventory.ts'

/** Which files were written, and which were there before and stay as they are. */
export interface Written {
  readonly created: readonly string[]
  readonly kept: readonly string[]
}

/** The files of a new project, and what is to know about it. */
export function newProjectText(written: Written): string {
  const { created, kept } = written
  return [
    ...fileRows(written),
    '',
    'Everything is simulated until inventory.yaml names your switches. `eosflow run` asks for your approval, then watches',
    'each wave of leaves for half a minute under its commit timer before it confirms them all.',
    '',
    `Project: ${count(created.length, 'file')} created, ${kept.length} kept`,
  ].join('\n')
}

/** The files of a project that reads the inventory of another tool, and what is left to do. `switches`: how many it has, where that is known. */
export function projectFromText(
  written: Written,
  { path, only, hasVault }: SourcedProject,
  devices: number | undefined,
): string {
  const which = only === undefined ? 'hosts with ansible_network_os EOS' : `\`${only}\``
  const found = devices === undefined ? 'its vaults have to be opened first' : `${switches(devices)} (${which})`
  const needed = [PASSWORD, ...(hasVault ? [VAULT_PASSWORD] : [])]
  return [
    ...fileRows(written),
    '',
    `${path}: ${found}`,
    `Set ${needed.join(' and ')}: a login never comes from an inventory of Ansible.`,
  ].join('\n')
}

function fileRows({ created, kept }: Written): readonly string[] {
  return [...created.map((path) => `  + ${path}`), ...kept.map((path) => `  = ${path} (was there; kept)`)]
}
