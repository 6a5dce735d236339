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
  gate('change/plan/change-within.test.ts', 79, 'replacements', 'eos/config/kinds/kind-of.test.ts'),
  gate('change/plan/foreign-lines.test.ts', 208, 'configurations'),
  gate('change/roster/ansible-recorded.test.ts', 24, 'inventories of Ansible', 'change/roster/ansible.test.ts'),
  gate('change/roster/format/nornir-ansible.test.ts', 12, 'hosts of nornir_ansible', 'change/roster/ansible.test.ts'),
  gate('change/roster/format/read-anta.test.ts', 7, 'hosts of ANTA'),
  gate('change/roster/format/read-containerlab.test.ts', 11, 'topologies'),
  gate('change/roster/format/read-csv.test.ts', 40, 'rows of tables'),
  gate('change/roster/format/read-nornir.test.ts', 19, 'hosts of Nornir'),
  gate('change/roster/from-list.test.ts', 21, 'inventories of Ansible'),
  gate('change/roster/value/recorded.test.ts', 493, 'values', 'change/roster/value/templar.test.ts'),
  gate('change/roster/vault/decrypt-vault.test.ts', 4, 'vaults'),
  gate('change/workflow/asl-validate.test.ts', 491, 'definitions of AWS'),
  gate(
    'change/workflow/query/jsonata-recorded.test.ts',
    35,
    'evaluations of AWS',
    'change/workflow/query/jsonata.test.ts',
  ),
  gate(
    'change/workflow/query/jsonpath-recordings.test.ts',
    303,
    'executions of AWS',
    'change/workflow/query/jsonpath-language.test.ts',
  ),
  gate(
    'change/workflow/template-cases.test.ts',
    2028,
    'templates',
    'change/workflow/template.test.ts',
    'change/workflow/template-findings.test.ts',
  ),
  gate('e2e/replace-pairs.test.ts', 79, 'replacements'),
  gate('eos/check/anta-cases.test.ts', 600, 'cases of ANTA', 'eos/check/rows.test.ts'),
  gate('eos/check/area/recorded-anta.test.ts', 5, 'answers of ANTA', 'eos/check/area/areas.test.ts'),
  gate('eos/check/area/recorded.test.ts', 35, 'switches', 'eos/check/area/areas.test.ts'),
  gate('eos/check/device-snapshots.test.ts', 34, 'judgements of checks', 'eos/check/rows.test.ts'),
  gate('eos/config/allow-list.test.ts', 397, 'configurations'),
  gate('eos/config/commands.test.ts', 476, 'configurations', 'eos/config/own-configs.test.ts'),
  gate('eos/config/diff.test.ts', 79, 'replacements', 'eos/config/own-configs.test.ts'),
  gate('eos/config/guard.test.ts', 79, 'replacements', 'eos/config/own-configs.test.ts'),
  gate('eos/config/guarded-words.test.ts', 503, 'submodes'),
  gate('eos/config/parse.test.ts', 397, 'configurations', 'eos/config/own-configs.test.ts'),
  gate('eos/config/redact.test.ts', 397, 'configurations', 'eos/config/own-configs.test.ts'),
  gate('eos/config/removals-recorded.test.ts', 571, 'configurations', 'eos/config/removals.test.ts'),
  gate('eos/config/sectioned.test.ts', 5, 'diffs'),
  gate('eos/config/stored-form.test.ts', 75, 'configurations'),
  gate('eos/config/syntax/left-out.test.ts', 24_278, 'lines', 'eos/config/syntax/judge-line.test.ts'),
  gate('eos/config/unified.test.ts', 79, 'replacements'),
  gate('eos/invariant/corpus.test.ts', 79, 'replacements', 'eos/invariant/evpn.test.ts'),
  gate('eos/invariant/evpn-recorded.test.ts', 170, 'verdicts of invariants', 'eos/invariant/evpn.test.ts'),
  gate('eos/sim/cli-running-config-all.test.ts', 450, 'configurations'),
  gate('eos/sim/config-abbreviation.test.ts', 50_000, 'lines'),
  gate('eos/sim/corpus.test.ts', 397, 'configurations', 'eos/sim/own-configs.test.ts'),
  gate('eos/sim/device-snapshots.test.ts', 35, 'switches', 'eos/sim/show-keys.test.ts', 'eos/sim/show-text.test.ts'),
  gate('eos/sim/eapi-keys.test.ts', 50, 'answers', 'eos/sim/show-keys.test.ts'),
  gate('eos/sim/recorded-diffs.test.ts', 270, 'typed lines', 'eos/sim/own-configs.test.ts'),
  gate('eos/sim/recorded-identity.test.ts', 199, 'configurations', 'eos/config/printed-lines.test.ts'),
  gate('eos/sim/show-labs.test.ts', 192, 'answers of labs'),
  gate('eos/sim/ssh-transcripts.test.ts', 6, 'dialogues', 'eos/sim/ssh-dialogue.test.ts', 'eos/sim/ssh-shell.test.ts'),
  gate('features/comply/mutated.test.ts', 397, 'configurations'),
  gate('features/facts/switch-facts.test.ts', 5, 'answers'),
  gate('lab/trial/state-machine-recorded.test.ts', 370, 'executions of AWS', 'lab/trial/state-machine.test.ts'),
  gate('project/switches/inventory/nautobot.test.ts', 3, 'devices of Nautobot'),
  gate('project/switches/inventory/netbox.test.ts', 4, 'devices of NetBox'),
  gate('report/answers/groups.test.ts', 60, 'answers'),
]
