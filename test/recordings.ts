import { pathToFileURL } from 'node:url'

/**
 * Recordings of real switches, clients and services lie beside the checkout, or in the folder that TEST_RECORDINGS names: they
 * belong to their sources and are not in the repository. What is tested with them is skipped where they are absent.
 */
const home =
  process.env.TEST_RECORDINGS === undefined
    ? new URL('../../shared/', import.meta.url)
    : new URL(`${pathToFileURL(process.env.TEST_RECORDINGS)}/`)

/** A file or folder of the recordings, there or not. */
export const recordings = (path: string): URL => new URL(path, home)

/** A test file that needs recordings, how many of what they are, and where a plain clone tests the same on our own material. */
export interface Gate {
  readonly file: string
  readonly count: number
  readonly of: string
  readonly twins: readonly string[]
}

const gate = (file: string, count: number, of: string, ...twins: readonly string[]) => ({
  file,
  count,
  of,
  twins: twins.length === 0 ? [file] : twins,
})

/** Every gate. Where no other file is named, the file itself holds tests that need no recording. */
export const GATES: readonly Gate[] = [
  gate('app/comply/mutated.test.ts', 397, 'configurations'),
  gate('app/facts/switch-facts.test.ts', 5, 'answers'),
  gate('app/inventory/nautobot.test.ts', 3, 'devices of Nautobot'),
  gate('app/inventory/netbox.test.ts', 4, 'devices of NetBox'),
  gate('check/anta-cases.test.ts', 600, 'cases of ANTA', 'check/rows.test.ts'),
  gate('check/area/recorded-anta.test.ts', 5, 'answers of ANTA', 'check/area/areas.test.ts'),
  gate('check/area/recorded.test.ts', 35, 'switches', 'check/area/areas.test.ts'),
  gate('check/device-snapshots.test.ts', 34, 'judgements of checks', 'check/rows.test.ts'),
  gate('config/allow-list.test.ts', 397, 'configurations'),
  gate('config/commands.test.ts', 476, 'configurations', 'config/own-configs.test.ts'),
  gate('config/diff.test.ts', 79, 'replacements', 'config/own-configs.test.ts'),
  gate('config/guard.test.ts', 79, 'replacements', 'config/own-configs.test.ts'),
  gate('config/guarded-words.test.ts', 503, 'submodes'),
  gate('config/parse.test.ts', 397, 'configurations', 'config/own-configs.test.ts'),
  gate('config/redact.test.ts', 397, 'configurations', 'config/own-configs.test.ts'),
  gate('config/removals-recorded.test.ts', 571, 'configurations', 'config/removals.test.ts'),
  gate('config/sectioned.test.ts', 5, 'diffs'),
  gate('config/stored-form.test.ts', 75, 'configurations'),
  gate('config/syntax/left-out.test.ts', 24_278, 'lines', 'config/syntax/judge-line.test.ts'),
  gate('config/unified.test.ts', 79, 'replacements'),
  gate('e2e/replace-pairs.test.ts', 79, 'replacements'),
  gate('invariant/corpus.test.ts', 79, 'replacements', 'invariant/evpn.test.ts'),
  gate('invariant/evpn-recorded.test.ts', 170, 'verdicts of invariants', 'invariant/evpn.test.ts'),
  gate('plan/change-within.test.ts', 79, 'replacements', 'config/kinds/kind-of.test.ts'),
  gate('plan/foreign-lines.test.ts', 208, 'configurations'),
  gate('report/answers/groups.test.ts', 60, 'answers'),
  gate('roster/ansible-recorded.test.ts', 24, 'inventories of Ansible', 'roster/ansible.test.ts'),
  gate('roster/anta/read-anta.test.ts', 7, 'hosts of ANTA'),
  gate('roster/containerlab/read-containerlab.test.ts', 11, 'topologies'),
  gate('roster/csv/read-csv.test.ts', 40, 'rows of tables'),
  gate('roster/from-list.test.ts', 21, 'inventories of Ansible'),
  gate('roster/nornir/nornir-ansible.test.ts', 12, 'hosts of nornir_ansible', 'roster/ansible.test.ts'),
  gate('roster/nornir/read-nornir.test.ts', 19, 'hosts of Nornir'),
  gate('roster/value/recorded.test.ts', 493, 'values', 'roster/value/templar.test.ts'),
  gate('roster/vault/decrypt-vault.test.ts', 4, 'vaults'),
  gate('sim/cli-running-config-all.test.ts', 450, 'configurations'),
  gate('sim/config-abbreviation.test.ts', 50_000, 'lines'),
  gate('sim/corpus.test.ts', 397, 'configurations', 'sim/own-configs.test.ts'),
  gate('sim/device-snapshots.test.ts', 35, 'switches', 'sim/show-keys.test.ts', 'sim/show-text.test.ts'),
  gate('sim/eapi-keys.test.ts', 50, 'answers', 'sim/show-keys.test.ts'),
  gate('sim/recorded-diffs.test.ts', 270, 'typed lines', 'sim/own-configs.test.ts'),
  gate('sim/recorded-identity.test.ts', 199, 'configurations', 'config/printed-lines.test.ts'),
  gate('sim/show-labs.test.ts', 192, 'answers of labs'),
  gate('sim/ssh-transcripts.test.ts', 6, 'dialogues', 'sim/ssh-dialogue.test.ts', 'sim/ssh-shell.test.ts'),
  gate('trial/state-machine-recorded.test.ts', 370, 'executions of AWS', 'trial/state-machine.test.ts'),
  gate('workflow/asl-validate.test.ts', 491, 'definitions of AWS'),
  gate('workflow/query/jsonata-recorded.test.ts', 35, 'evaluations of AWS', 'workflow/query/jsonata.test.ts'),
  gate(
    'workflow/query/jsonpath-recordings.test.ts',
    303,
    'executions of AWS',
    'workflow/query/jsonpath-language.test.ts',
  ),
  gate(
    'workflow/template-cases.test.ts',
    2028,
    'templates',
    'workflow/template.test.ts',
    'workflow/template-findings.test.ts',
  ),
]
